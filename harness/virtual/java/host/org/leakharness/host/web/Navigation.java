package org.leakharness.host.web;

import android.graphics.Bitmap;
import android.util.Log;
import android.webkit.WebBackForwardList;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import org.leakharness.host.app.Quiet;
import org.leakharness.host.link.Json;

/**
 * Loading: what the app asks for, and what it is told of where its page goes, in the order of
 * Android's own (Chromium `AwWebContentsObserver`, `AwContentsClientBridge`): started when a document
 * has been committed, then title and progress, finished at its load event.
 */
public final class Navigation {
  private static final int STARTED = 10;
  private static final int PARSED = 70;
  private static final int DONE = 100;
  private static final String BLANK = "about:blank";
  private static final String JAVASCRIPT = "javascript:";

  private final Page page;
  private final History history;
  private volatile String url;
  private volatile String title = "";
  private volatile int progress = DONE;
  private volatile boolean finished = true;
  private volatile int contentHeight;

  Navigation(Page page) {
    this.page = page;
    this.history = new History(page);
    page.on("Page.frameStartedLoading", this::startedLoading);
    page.on("Page.frameNavigated", this::navigated);
    page.on("Page.navigatedWithinDocument", this::moved);
    page.on("Page.domContentEventFired", event -> progress(PARSED));
    page.on("Page.loadEventFired", event -> finish());
    page.on("Page.frameStoppedLoading", this::stopped);
    page.on("Page.frameRequestedNavigation", this::wanted);
  }

  // What the app asks for; see android.webkit.WebView.

  public void loadUrl(String wanted) {
    loadUrl(wanted, Collections.emptyMap());
  }

  public void loadUrl(String wanted, Map<String, String> headers) {
    if (wanted == null) {
      return;
    }
    if (wanted.toLowerCase(Locale.ROOT).startsWith(JAVASCRIPT)) {
      String script = android.net.Uri.decode(wanted.substring(JAVASCRIPT.length()));
      page.send("Runtime.evaluate", "expression", script, "userGesture", true);
      return;
    }
    page.requests.expect(Expected.headers(headers));
    navigate(wanted);
  }

  public void postUrl(String wanted, byte[] body) {
    page.requests.expect(Expected.post(body));
    navigate(wanted);
  }

  public void loadData(String data, String mime, String encoding) {
    String kind = mime == null || mime.isEmpty() ? "text/html" : mime;
    String text = data == null ? "" : data;
    String charset = kind.contains("charset") ? "" : ";charset=utf-8";
    String head = charset + ("base64".equals(encoding) ? ";base64," : ",");
    navigate("data:" + kind + head + text.replace("\n", "%0A").replace("#", "%23"));
  }

  public void loadDataWithBaseURL(
      String base, String data, String mime, String encoding, String historyUrl) {
    String kind = mime == null || mime.isEmpty() ? "text/html" : mime;
    String text = data == null ? "" : data;
    String at = base == null || base.isEmpty() ? BLANK : base;
    if (at.startsWith("data:") || at.equals(BLANK)) {
      String body = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
      navigate("data:" + kind + ";charset=utf-8;base64," + body);
      return;
    }
    page.requests.expect(Expected.answer(kind, text.getBytes(StandardCharsets.UTF_8)));
    navigate(at);
  }

  private void navigate(String wanted) {
    Quiet.disturbed();
    url = url == null ? wanted : url;
    page.send("Page.navigate", "url", wanted)
        .whenComplete(
            (answer, refused) -> {
              if (refused == null && page.requests.isForeign(wanted)) {
                page.requests.unknownScheme(wanted);
              }
              if (refused != null && page.missing.isEmpty()) {
                Log.w("chromium", wanted + ": " + refused.getMessage());
              }
            });
  }

  public void reload() {
    page.requests.expect(Expected.plain());
    page.send("Page.reload");
  }

  public boolean pageDown(boolean bottom) {
    return scroll(bottom ? "scrollTo(0, document.documentElement.scrollHeight)" : "scrollBy(0, innerHeight * 0.9)");
  }

  public boolean pageUp(boolean top) {
    return scroll(top ? "scrollTo(0, 0)" : "scrollBy(0, -innerHeight * 0.9)");
  }

  private boolean scroll(String script) {
    page.send("Runtime.evaluate", "expression", script);
    return true;
  }

  public void stopLoading() {
    page.send("Page.stopLoading");
  }

  public boolean canGoBack() {
    return history.can(-1);
  }

  public void goBack() {
    history.go(-1);
  }

  public boolean canGoForward() {
    return history.can(1);
  }

  public void goForward() {
    history.go(1);
  }

  public boolean canGoBackOrForward(int steps) {
    return history.can(steps);
  }

  public void goBackOrForward(int steps) {
    history.go(steps);
  }

  public void clearHistory() {
    history.clear();
  }

  WebBackForwardList list() {
    return history.list();
  }

  public String getUrl() {
    return url;
  }

  public String getOriginalUrl() {
    return url;
  }

  public String getTitle() {
    return title;
  }

  public int getProgress() {
    return progress;
  }

  public int getContentHeight() {
    return contentHeight;
  }

  public void evaluateJavaScript(String script, android.webkit.ValueCallback<String> callback) {
    if (!page.settings.getJavaScriptEnabled()) {
      if (callback != null) {
        page.post(() -> callback.onReceiveValue("null"));
      }
      return;
    }
    page.send(
            "Runtime.evaluate",
            "expression", script == null ? "" : script,
            "returnByValue", true,
            "userGesture", true)
        .whenComplete(
            (answer, refused) -> {
              if (callback != null) {
                String value = refused == null ? valueOf(answer) : "null";
                page.post(() -> callback.onReceiveValue(value));
              }
            });
  }

  /** As Chromium's own JSON writer, which leaves no `<` in it. */
  private static String valueOf(Map<String, Object> answer) {
    Object value = Told.at(answer, "result", "value");
    return answer.containsKey("exceptionDetails")
        ? "null"
        : Json.write(value).replace("<", "\\u003C");
  }

  // What the browser tells.

  private void startedLoading(Map<String, Object> event) {
    if (page.isMainFrame(Told.text(event, "frameId"))) {
      progress(STARTED);
    }
  }

  private void navigated(Map<String, Object> event) {
    if (Told.at(event, "frame", "parentId") != null) {
      return;
    }
    String failed = Told.text(event, "frame", "unreachableUrl");
    String fragment = Told.text(event, "frame", "urlFragment");
    String now = failed.isEmpty() ? Told.text(event, "frame", "url") + fragment : failed;
    String shown = now;
    url = shown;
    page.nodes.forget();
    title = failed.isEmpty() ? shown : title;
    finished = false;
    contentHeight = 0;
    Quiet.disturbed();
    page.post(() -> page.clientOrDefault().onPageStarted(page.view, shown, (Bitmap) null));
    if (failed.isEmpty()) {
      page.post(() -> page.clientOrDefault().doUpdateVisitedHistory(page.view, shown, false));
    } else {
      page.requests.tellMainFailure(shown);
    }
    history.refresh();
  }

  private void moved(Map<String, Object> event) {
    if (!page.isMainFrame(Told.text(event, "frameId"))) {
      return;
    }
    String now = Told.text(event, "url");
    url = now;
    Quiet.disturbed();
    page.post(() -> page.clientOrDefault().doUpdateVisitedHistory(page.view, now, false));
    if (Told.text(event, "navigationType").equals("fragment")) {
      page.post(() -> page.clientOrDefault().onPageFinished(page.view, now));
    }
    history.refresh();
  }

  /**
   * Before a document has been committed it is the one before that stops, above all the empty one
   * of a new view: the app then hears of no end, only that nothing is under way.
   */
  private void stopped(Map<String, Object> event) {
    if (!page.isMainFrame(Told.text(event, "frameId"))) {
      return;
    }
    if (!finished) {
      finish();
    } else if (progress != DONE) {
      progress(DONE);
    }
  }

  private void finish() {
    if (finished) {
      return;
    }
    finished = true;
    String now = url;
    progress(DONE);
    measure();
    page.post(() -> page.clientOrDefault().onPageFinished(page.view, now));
  }

  /** A link out of the web; the browser itself cannot follow it. */
  private void wanted(Map<String, Object> event) {
    String to = Told.text(event, "url");
    if (page.isMainFrame(Told.text(event, "frameId")) && page.requests.isForeign(to)) {
      page.requests.offer(to);
    }
  }

  /** The document's title, by our script or from the history where scripts are off. */
  void titled(String now) {
    if (now.isEmpty() || now.equals(title)) {
      return;
    }
    title = now;
    page.post(
        () -> {
          if (page.chrome != null) {
            page.chrome.onReceivedTitle(page.view, now);
          }
        });
  }

  private void progress(int percent) {
    Quiet.disturbed();
    progress = percent;
    page.post(
        () -> {
          if (page.chrome != null) {
            page.chrome.onProgressChanged(page.view, percent);
          }
        });
  }

  /** How high the document is, for views that take their height from it. */
  private void measure() {
    page.send("Page.getLayoutMetrics")
        .thenAccept(
            answer -> {
              contentHeight = Told.whole(answer, "cssContentSize", "height");
              page.view.post(page.view::requestLayout);
            });
  }
}
