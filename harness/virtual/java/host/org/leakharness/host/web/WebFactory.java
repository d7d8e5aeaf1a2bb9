package org.leakharness.host.web;

import android.content.Context;
import android.content.Intent;
import android.content.pm.PackageInfo;
import android.net.Uri;
import android.webkit.CookieManager;
import android.webkit.GeolocationPermissions;
import android.webkit.WebStorage;
import android.webkit.WebView;
import android.webkit.WebViewDatabase;
import android.webkit.WebViewFactoryProvider;
import android.webkit.WebViewProvider;
import java.util.Map;

/**
 * What Android's WebView finds where the system's WebView package would be: providers that drive a
 * browser of the device.
 */
public final class WebFactory {
  private static final String PACKAGE = "com.google.android.webview";
  private static WebViewFactoryProvider provider;

  private final Statics statics = new Statics();
  private final Cookies cookies = new Cookies();
  private final WebStorage storage = new SiteData();
  private final GeolocationPermissions geolocation = new GeolocationPermissions();

  private WebFactory() {}

  public static synchronized WebViewFactoryProvider provider() {
    if (provider == null) {
      provider = Delegation.of(WebViewFactoryProvider.class, new WebFactory());
    }
    return provider;
  }

  public static PackageInfo packageInfo() {
    PackageInfo info = new PackageInfo();
    info.packageName = PACKAGE;
    info.versionName = Browser.described("version");
    return info;
  }

  public WebViewFactoryProvider.Statics getStatics() {
    return Delegation.of(WebViewFactoryProvider.Statics.class, statics);
  }

  public WebViewProvider createWebView(WebView view, WebView.PrivateAccess access) {
    return Provider.of(view, access);
  }

  public CookieManager getCookieManager() {
    return cookies;
  }

  public WebStorage getWebStorage() {
    return storage;
  }

  public GeolocationPermissions getGeolocationPermissions() {
    return geolocation;
  }

  public WebViewDatabase getWebViewDatabase(Context context) {
    return WebViewDatabase.getInstance(context);
  }

  public ClassLoader getWebViewClassLoader() {
    return WebFactory.class.getClassLoader();
  }

  /** The origins' data in the profile. */
  private static final class SiteData extends WebStorage {
    @Override
    public void deleteAllData() {
      deleteOrigin("*");
    }

    @Override
    public void deleteOrigin(String origin) {
      Browser.get()
          .connection
          .thenAccept(
              cdp ->
                  cdp.send(
                      Cdp.BROWSER,
                      "Storage.clearDataForOrigin",
                      "origin", origin,
                      "storageTypes", "local_storage,indexeddb,websql,cache_storage"));
    }

    @Override
    public void getOrigins(android.webkit.ValueCallback<Map> callback) {
      callback.onReceiveValue(new java.util.HashMap<>());
    }
  }

  /** What belongs to no single view. */
  public static final class Statics {
    public String getDefaultUserAgent(Context context) {
      return Browser.described("user_agent");
    }

    public void setWebContentsDebuggingEnabled(boolean enabled) {
      Browser.setDebugging(enabled);
    }

    public void clearClientCertPreferences(Runnable done) {
      if (done != null) {
        done.run();
      }
    }

    public void initSafeBrowsing(
        Context context, android.webkit.ValueCallback<Boolean> callback) {
      answer(callback, false);
    }

    public void setSafeBrowsingWhitelist(
        java.util.List<String> hosts, android.webkit.ValueCallback<Boolean> callback) {
      answer(callback, true);
    }

    public Uri getSafeBrowsingPrivacyPolicyUrl() {
      return Uri.EMPTY;
    }

    public Uri[] parseFileChooserResult(int resultCode, Intent intent) {
      boolean none = resultCode != android.app.Activity.RESULT_OK || intent == null;
      return none || intent.getData() == null ? null : new Uri[] {intent.getData()};
    }

    private static void answer(android.webkit.ValueCallback<Boolean> callback, boolean value) {
      if (callback != null) {
        callback.onReceiveValue(value);
      }
    }
  }
}
