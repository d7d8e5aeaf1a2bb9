package org.leakharness.host.web;

import android.os.Build;
import android.webkit.WebSettings;
import java.util.ArrayList;
import java.util.List;
import org.leakharness.host.link.Json;
import org.robolectric.fakes.RoboWebSettings;

/**
 * The settings of one web view, with Android's defaults; those that change what a page can do are
 * passed on to the browser.
 */
public final class PageSettings extends RoboWebSettings {
  private final Page page;
  private String agent;
  private boolean javaScript;
  private boolean storage;
  private boolean wide;
  private boolean files;
  private int mixed = WebSettings.MIXED_CONTENT_NEVER_ALLOW;
  private int zoom = 100;
  private boolean thirdParties;

  PageSettings(Page page) {
    this.page = page;
    int target = page.context.getApplicationInfo().targetSdkVersion;
    files = target < Build.VERSION_CODES.R;
    if (target < Build.VERSION_CODES.LOLLIPOP) {
      thirdParties = true;
      mixed = WebSettings.MIXED_CONTENT_ALWAYS_ALLOW;
    }
  }

  /** Everything that the page begins with. */
  void applyAll() {
    applyJavaScript();
    applyAgent();
    applyStorage();
    applyThirdParties();
    applySize();
  }

  private void applyJavaScript() {
    page.send("Emulation.setScriptExecutionDisabled", "value", !javaScript);
  }

  /** Also what client hints say, which the browser's flag for the user agent leaves alone. */
  private void applyAgent() {
    String version = Browser.described("version");
    String major = version.split("\\.")[0];
    List<Object> brands = new ArrayList<>();
    List<Object> full = new ArrayList<>();
    for (String brand : new String[] {"Chromium", "Android WebView"}) {
      brands.add(Json.object("brand", brand, "version", major));
      full.add(Json.object("brand", brand, "version", version));
    }
    page.send(
        "Emulation.setUserAgentOverride",
        "userAgent", getUserAgentString(),
        "platform", "Linux armv81",
        "userAgentMetadata",
            Json.object(
                "brands", brands,
                "fullVersionList", full,
                "platform", "Android",
                "platformVersion", Build.VERSION.RELEASE + ".0.0",
                "architecture", "",
                "model", Build.MODEL,
                "mobile", true));
  }

  /** Without it Android's pages have no storage objects. */
  private void applyStorage() {
    page.scripts.set(
        "storage",
        "",
        storage
            ? null
            : "for (const name of ['localStorage', 'sessionStorage'])"
                + " Object.defineProperty(window, name, {value: null, configurable: true});");
  }

  /** The page's size is the view's, in CSS pixels; the scale is the browser's own. */
  void applySize() {
    float density = page.context.getResources().getDisplayMetrics().density;
    int width = Math.round(page.view.getWidth() / density);
    int height = Math.round(page.view.getHeight() / density);
    if (width > 0 && height > 0) {
      page.send(
          "Emulation.setDeviceMetricsOverride",
          "width", width,
          "height", height,
          "deviceScaleFactor", 0,
          "mobile", wide,
          "screenWidth", width,
          "screenHeight", height);
    }
  }

  private void applyThirdParties() {
    page.send(
        "Network.setCookieControls",
        "enableThirdPartyCookieRestriction", !thirdParties,
        "disableThirdPartyCookieMetadata", !thirdParties,
        "disableThirdPartyCookieHeuristics", !thirdParties);
  }

  @Override
  public void setAcceptThirdPartyCookies(boolean accept) {
    thirdParties = accept;
    applyThirdParties();
  }

  @Override
  public boolean getAcceptThirdPartyCookies() {
    return thirdParties;
  }

  @Override
  public synchronized void setJavaScriptEnabled(boolean flag) {
    javaScript = flag;
    applyJavaScript();
  }

  @Override
  public synchronized boolean getJavaScriptEnabled() {
    return javaScript;
  }

  @Override
  public synchronized void setUserAgentString(String text) {
    agent = text == null || text.isEmpty() ? null : text;
    applyAgent();
  }

  @Override
  public synchronized String getUserAgentString() {
    return agent != null ? agent : Browser.described("user_agent");
  }

  @Override
  public synchronized void setDomStorageEnabled(boolean flag) {
    storage = flag;
    applyStorage();
  }

  @Override
  public synchronized boolean getDomStorageEnabled() {
    return storage;
  }

  @Override
  public synchronized void setUseWideViewPort(boolean use) {
    wide = use;
    applySize();
  }

  @Override
  public synchronized boolean getUseWideViewPort() {
    return wide;
  }

  @Override
  public void setAllowFileAccess(boolean allow) {
    files = allow;
  }

  @Override
  public boolean getAllowFileAccess() {
    return files;
  }

  @Override
  public void setMixedContentMode(int mode) {
    mixed = mode;
  }

  @Override
  public int getMixedContentMode() {
    return mixed;
  }

  @Override
  public synchronized void setTextZoom(int percent) {
    zoom = percent;
  }

  @Override
  public synchronized int getTextZoom() {
    return zoom;
  }
}
