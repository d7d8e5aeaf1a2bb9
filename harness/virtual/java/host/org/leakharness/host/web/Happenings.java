package org.leakharness.host.web;

import android.net.Uri;
import android.os.Handler;
import android.os.Looper;
import android.os.Message;
import android.util.Log;
import android.webkit.ConsoleMessage;
import android.webkit.RenderProcessGoneDetail;
import android.webkit.WebChromeClient;
import android.webkit.WebView;
import java.io.File;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.leakharness.host.link.Json;

/** What happens beside loading: console, new windows, downloads, files, the end of the renderer. */
final class Happenings {
  private static final Map<String, ConsoleMessage.MessageLevel> LEVELS = new HashMap<>();

  static {
    LEVELS.put("warning", ConsoleMessage.MessageLevel.WARNING);
    LEVELS.put("error", ConsoleMessage.MessageLevel.ERROR);
    LEVELS.put("assert", ConsoleMessage.MessageLevel.ERROR);
    LEVELS.put("debug", ConsoleMessage.MessageLevel.DEBUG);
  }

  private final Page page;

  Happenings(Page page) {
    this.page = page;
    page.on("Runtime.consoleAPICalled", this::console);
    page.on("Runtime.exceptionThrown", this::exception);
    page.on("Page.windowOpen", this::window);
    page.on("Page.fileChooserOpened", this::chooser);
    page.on("Browser.downloadWillBegin", this::download);
    page.on("Inspector.targetCrashed", event -> crashed());
    page.on("Target.targetDestroyed", event -> closed());
  }

  private void console(Map<String, Object> event) {
    StringBuilder text = new StringBuilder();
    for (Object argument : Told.list(event, "args")) {
      text.append(text.length() == 0 ? "" : " ").append(spoken(Json.asMap(argument)));
    }
    Map<String, Object> frame = first(event, "stackTrace", "callFrames");
    tell(
        text.toString(),
        Told.text(frame, "url"),
        Told.whole(frame, "lineNumber") + 1,
        LEVELS.getOrDefault(
            Told.text(event, "type"),
            ConsoleMessage.MessageLevel.LOG));
  }

  private static String spoken(Map<String, Object> argument) {
    if (argument.containsKey("value")) {
      Object value = argument.get("value");
      return value instanceof String ? (String) value : Json.write(value);
    }
    String description = Told.text(argument, "description");
    return description.isEmpty()
        ? Told.text(argument, "type")
        : description;
  }

  private static Map<String, Object> first(Map<String, Object> event, String... path) {
    List<Object> items = Told.list(event, path);
    return items.isEmpty() ? Json.object() : Json.asMap(items.get(0));
  }

  private void exception(Map<String, Object> event) {
    Map<String, Object> details =
        Told.map(event, "exceptionDetails");
    String description =
        Told.text(details, "exception", "description");
    String first = description.split("\n")[0];
    tell(
        Told.text(details, "text") + (first.isEmpty() ? "" : " " + first),
        Told.text(details, "url"),
        Told.whole(details, "lineNumber") + 1,
        ConsoleMessage.MessageLevel.ERROR);
  }

  private void tell(String text, String source, int line, ConsoleMessage.MessageLevel level) {
    page.post(
        () -> {
          WebChromeClient chrome = page.chrome;
          if (chrome == null
              || !chrome.onConsoleMessage(new ConsoleMessage(text, source, line, level))) {
            Log.i(
                "chromium",
                "[INFO:CONSOLE(" + line + ")] \"" + text + "\", source: " + source + " ("
                    + line + ")");
          }
        });
  }

  /** The browser opens no windows: the app is asked for a view, else this one shows the page. */
  private void window(Map<String, Object> event) {
    String url = Told.text(event, "url");
    boolean gesture = Told.flag(event, "userGesture");
    page.post(
        () -> {
          boolean several = page.settings.supportMultipleWindows() && page.chrome != null;
          if (!several) {
            if (!url.isEmpty()) {
              page.send("Page.navigate", "url", url);
            }
            return;
          }
          Handler taker =
              new Handler(
                  Looper.getMainLooper(),
                  message -> {
                    WebView made = ((WebView.WebViewTransport) message.obj).getWebView();
                    if (made != null && !url.isEmpty()) {
                      made.loadUrl(url);
                    }
                    return true;
                  });
          Message result = Message.obtain(taker);
          result.obj = page.view.new WebViewTransport();
          page.chrome.onCreateWindow(page.view, false, gesture, result);
        });
  }

  private void chooser(Map<String, Object> event) {
    int node = Told.whole(event, "backendNodeId");
    boolean many =
        Told.text(event, "mode").equals("selectMultiple");
    page.send("DOM.describeNode", "backendNodeId", node)
        .whenComplete(
            (answer, refused) ->
                page.post(
                    () -> {
                      WebChromeClient chrome = page.chrome;
                      if (chrome != null) {
                        chrome.onShowFileChooser(
                            page.view,
                            chosen -> choose(node, chosen),
                            new Choice(many, refused == null ? accepted(answer) : ""));
                      }
                    }));
  }

  private static String accepted(Map<String, Object> answer) {
    List<Object> attributes =
        Told.list(answer, "node", "attributes");
    int at = attributes.indexOf("accept");
    return at < 0 ? "" : String.valueOf(attributes.get(at + 1));
  }

  private void choose(int node, Uri[] chosen) {
    List<Object> files = new ArrayList<>();
    for (Uri uri : chosen == null ? new Uri[0] : chosen) {
      if ("file".equals(uri.getScheme()) && new File(uri.getPath()).isFile()) {
        files.add(uri.getPath());
      } else {
        Log.w("chromium", "not a file of this device: " + uri);
      }
    }
    if (!files.isEmpty()) {
      page.send("DOM.setFileInputFiles", "files", files, "backendNodeId", node);
    }
  }

  private void download(Map<String, Object> event) {
    String url = Told.text(event, "url");
    Failures.Response response = page.requests.response(url);
    page.post(
        () -> {
          if (page.downloads != null) {
            page.downloads.onDownloadStart(
                url,
                page.settings.getUserAgentString(),
                response.disposition,
                response.mime,
                response.length);
          }
        });
  }

  /** An app that does not take it over would end on a phone; here its view stays empty. */
  private void crashed() {
    Log.e("chromium", "Renderer process crash detected");
    page.picture.forget();
    page.post(
        () -> {
          boolean taken =
              page.clientOrDefault()
                  .onRenderProcessGone(
                      page.view,
                      new RenderProcessGoneDetail() {
                        @Override
                        public boolean didCrash() {
                          return true;
                        }

                        @Override
                        public int rendererPriorityAtExit() {
                          return WebView.RENDERER_PRIORITY_IMPORTANT;
                        }
                      });
          if (!taken) {
            Log.e("chromium", "Render process's crash wasn't handled by all associated webviews");
          }
        });
  }

  /** The page has closed itself; the view gets another, empty one. */
  private void closed() {
    page.reopen();
    page.post(
        () -> {
          if (page.chrome != null) {
            page.chrome.onCloseWindow(page.view);
          }
        });
  }

  private static final class Choice extends WebChromeClient.FileChooserParams {
    private final boolean many;
    private final String accept;

    Choice(boolean many, String accept) {
      this.many = many;
      this.accept = accept;
    }

    @Override
    public int getMode() {
      return many ? MODE_OPEN_MULTIPLE : MODE_OPEN;
    }

    @Override
    public String[] getAcceptTypes() {
      return accept.split(",");
    }

    @Override
    public boolean isCaptureEnabled() {
      return false;
    }

    @Override
    public CharSequence getTitle() {
      return null;
    }

    @Override
    public String getFilenameHint() {
      return null;
    }

    @Override
    public android.content.Intent createIntent() {
      android.content.Intent intent =
          new android.content.Intent(android.content.Intent.ACTION_GET_CONTENT);
      intent.addCategory(android.content.Intent.CATEGORY_OPENABLE);
      intent.setType(accept.contains("/") ? accept.split(",")[0].trim() : "*/*");
      return intent;
    }
  }
}
