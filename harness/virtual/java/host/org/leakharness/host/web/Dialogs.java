package org.leakharness.host.web;

import android.app.Activity;
import android.app.AlertDialog;
import android.content.Context;
import android.content.ContextWrapper;
import android.util.Log;
import android.webkit.JsPromptResult;
import android.webkit.JsResult;
import android.webkit.WebChromeClient;
import android.widget.EditText;
import java.util.Map;

/**
 * Boxes that a page opens with alert, confirm, prompt or when it is left: the app's own, or the ones
 * that Android shows (Chromium `JsDialogHelper`). Without a chrome client the answer is no.
 */
final class Dialogs {
  private final Page page;
  private AlertDialog shown;
  private volatile boolean open;
  private volatile int count;

  Dialogs(Page page) {
    this.page = page;
    page.on("Page.javascriptDialogOpening", this::opening);
    page.on("Page.javascriptDialogClosed", event -> closed());
    page.on("Page.frameNavigated", this::left);
    page.on("Inspector.targetCrashed", event -> closed());
    page.on("Target.targetDestroyed", event -> closed());
  }

  /** A page that waits for an answer does nothing else; nobody should wait for it. */
  boolean isOpen() {
    return open;
  }

  private void opening(Map<String, Object> event) {
    String text = Told.text(event, "message");
    if (page.bridge.isCall(text)) {
      page.bridge.call(text, result -> answer(true, result));
      return;
    }
    open = true;
    int number = ++count;
    String type = Told.text(event, "type");
    String url = Told.text(event, "url");
    String standard = Told.text(event, "defaultPrompt");
    page.post(() -> ask(number, type, url, text, standard));
  }

  private void answer(boolean accept, String text) {
    if (text == null) {
      page.send("Page.handleJavaScriptDialog", "accept", accept);
    } else {
      page.send("Page.handleJavaScriptDialog", "accept", accept, "promptText", text);
    }
  }

  private void ask(int number, String type, String url, String text, String standard) {
    if (!open || number != count) {
      return; // the page that asked is gone
    }
    WebChromeClient chrome = page.chrome;
    boolean prompt = type.equals("prompt");
    JsPromptResult result =
        new JsPromptResult(
            done -> {
              if (number != count) {
                return;
              }
              open = false;
              String typed = ((JsPromptResult) done).getStringResult();
              answer(done.getResult(), prompt && done.getResult() ? nonNull(typed) : null);
            });
    if (chrome == null) {
      result.cancel();
      return;
    }
    if (!offered(chrome, type, url, text, standard, result)) {
      show(type, url, text, standard, result);
    }
  }

  private static String nonNull(String text) {
    return text == null ? "" : text;
  }

  private boolean offered(
      WebChromeClient chrome,
      String type,
      String url,
      String text,
      String standard,
      JsPromptResult result) {
    switch (type) {
      case "alert":
        return chrome.onJsAlert(page.view, url, text, result);
      case "confirm":
        return chrome.onJsConfirm(page.view, url, text, result);
      case "prompt":
        return chrome.onJsPrompt(page.view, url, text, standard, result);
      default:
        return chrome.onJsBeforeUnload(page.view, url, text, result);
    }
  }

  private void show(String type, String url, String text, String standard, JsPromptResult result) {
    if (activity(page.context) == null) {
      Log.w("JsDialogHelper", "Cannot create a dialog, the WebView context is not an Activity");
      result.cancel();
      return;
    }
    AlertDialog.Builder builder = new AlertDialog.Builder(page.context);
    boolean leaving = type.equals("beforeunload");
    String host = android.net.Uri.parse(url).getScheme() + "://"
        + android.net.Uri.parse(url).getHost();
    builder.setTitle(leaving ? "Confirm Navigation" : "The page at \"" + host + "\" says:");
    EditText field = new EditText(page.context);
    if (type.equals("prompt")) {
      field.setText(standard);
      builder.setView(field);
    }
    builder.setMessage(leaving ? "Are you sure you want to leave this page?" : text);
    builder.setOnCancelListener(dialog -> result.cancel());
    builder.setPositiveButton(
        android.R.string.ok,
        (dialog, which) -> {
          if (type.equals("prompt")) {
            result.confirm(field.getText().toString());
          } else {
            ((JsResult) result).confirm();
          }
        });
    if (!type.equals("alert")) {
      builder.setNegativeButton(android.R.string.cancel, (dialog, which) -> result.cancel());
    }
    shown = builder.show();
  }

  private static Activity activity(Context context) {
    Context now = context;
    while (now instanceof ContextWrapper) {
      if (now instanceof Activity) {
        return (Activity) now;
      }
      now = ((ContextWrapper) now).getBaseContext();
    }
    return null;
  }

  private void left(Map<String, Object> event) {
    if (page.isMainFrame(Told.text(event, "frame", "id"))) {
      closed();
    }
  }

  /** Answered, here or by somebody else who is attached, or its page is gone. */
  private void closed() {
    open = false;
    page.post(
        () -> {
          if (shown != null && shown.isShowing()) {
            shown.dismiss();
          }
          shown = null;
        });
  }
}
