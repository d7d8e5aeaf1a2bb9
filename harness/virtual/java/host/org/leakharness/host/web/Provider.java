package org.leakharness.host.web;

import android.webkit.WebBackForwardList;
import android.webkit.WebChromeClient;
import android.webkit.DownloadListener;
import android.webkit.WebSettings;
import android.webkit.WebView;
import android.webkit.WebViewClient;
import android.webkit.WebViewProvider;
import android.os.Handler;
import android.os.Looper;
import java.util.Map;

/** The side of a web view that apps program against: loading, clients, settings, state. */
public final class Provider {
  private final Page page;
  private final WebViewProvider.ViewDelegate viewDelegate;
  private final WebViewProvider.ScrollDelegate scrollDelegate;

  private Provider(Page page) {
    this.page = page;
    ViewSide side = new ViewSide(page);
    viewDelegate = Delegation.of(WebViewProvider.ViewDelegate.class, side);
    scrollDelegate = Delegation.of(WebViewProvider.ScrollDelegate.class, side.scroll());
  }

  static WebViewProvider of(WebView view, WebView.PrivateAccess access) {
    Page page = new Page(view, access);
    return Delegation.of(WebViewProvider.class, new Provider(page), page.navigation, page.bridge);
  }

  public void init(Map<String, Object> interfaces, boolean privateBrowsing) {
    page.view.setWillNotDraw(false);
    page.view.setFocusable(true);
    page.view.setFocusableInTouchMode(true);
    page.view.setClickable(true);
    page.view.setLongClickable(true);
    page.open();
  }

  public void destroy() {
    page.destroy();
  }

  public WebViewProvider.ViewDelegate getViewDelegate() {
    return viewDelegate;
  }

  public WebViewProvider.ScrollDelegate getScrollDelegate() {
    return scrollDelegate;
  }

  public WebSettings getSettings() {
    return page.settings;
  }

  public void setWebViewClient(WebViewClient client) {
    page.client = client;
  }

  public WebViewClient getWebViewClient() {
    return page.clientOrDefault();
  }

  public void setWebChromeClient(WebChromeClient client) {
    page.chrome = client;
  }

  public WebChromeClient getWebChromeClient() {
    return page.chrome;
  }

  public void setDownloadListener(DownloadListener listener) {
    page.downloads = listener;
  }

  public void insertVisualStateCallback(long id, WebView.VisualStateCallback callback) {
    page.send("Runtime.evaluate", "expression", "0")
        .whenComplete((answer, refused) -> page.post(() -> callback.onComplete(id)));
  }

  public void clearCache(boolean diskFiles) {
    page.send("Network.clearBrowserCache");
  }

  public void onPause() {}

  public void onResume() {}

  public void pauseTimers() {}

  public void resumeTimers() {}

  public void setNetworkAvailable(boolean available) {
    page.send(
        "Network.emulateNetworkConditions",
        "offline", !available,
        "latency", 0,
        "downloadThroughput", -1,
        "uploadThroughput", -1);
  }

  public float getScale() {
    return page.context.getResources().getDisplayMetrics().density;
  }

  public void setInitialScale(int percent) {}

  public WebBackForwardList copyBackForwardList() {
    return page.navigation.list();
  }

  public WebView.HitTestResult getHitTestResult() {
    return new WebView.HitTestResult();
  }
}
