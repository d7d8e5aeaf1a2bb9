package org.example.webprobe;

import android.net.Uri;
import android.util.Log;
import android.webkit.ConsoleMessage;
import android.webkit.JsResult;
import android.webkit.ValueCallback;
import android.webkit.WebChromeClient;
import android.webkit.WebView;

/** Says what it is told. */
final class LoggingChrome extends WebChromeClient {
    @Override
    public void onReceivedTitle(WebView view, String title) {
        Log.i(MainActivity.TAG, "title " + title);
    }

    @Override
    public void onProgressChanged(WebView view, int percent) {
        if (percent == 100) {
            Log.i(MainActivity.TAG, "progress 100");
        }
    }

    @Override
    public boolean onConsoleMessage(ConsoleMessage message) {
        Log.i(
                MainActivity.TAG,
                "console " + message.messageLevel() + " " + message.message() + " "
                        + message.lineNumber());
        return true;
    }

    @Override
    public boolean onJsConfirm(WebView view, String url, String text, JsResult result) {
        Log.i(MainActivity.TAG, "confirm " + text);
        result.confirm();
        return true;
    }

    @Override
    public void onCloseWindow(WebView window) {
        Log.i(MainActivity.TAG, "close");
    }

    @Override
    public boolean onShowFileChooser(
            WebView view, ValueCallback<Uri[]> callback, FileChooserParams params) {
        Log.i(MainActivity.TAG, "chooser " + String.join(",", params.getAcceptTypes()));
        callback.onReceiveValue(null);
        return true;
    }
}
