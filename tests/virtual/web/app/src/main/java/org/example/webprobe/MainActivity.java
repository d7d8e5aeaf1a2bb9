package org.example.webprobe;

import android.app.Activity;
import android.content.Intent;
import android.os.Bundle;
import android.util.Log;
import android.webkit.CookieManager;
import android.webkit.WebSettings;
import android.webkit.WebView;

/** A web view out of a layout, and one command for each thing that a test wants to happen. */
public final class MainActivity extends Activity {
    static final String TAG = "web";
    private WebView web;

    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        setContentView(R.layout.main);
        web = findViewById(R.id.web);
        WebSettings settings = web.getSettings();
        settings.setJavaScriptEnabled(true);
        settings.setDomStorageEnabled(true);
        settings.setUseWideViewPort(true);
        web.setWebViewClient(new LoggingClient());
        web.setWebChromeClient(new LoggingChrome());
        web.addJavascriptInterface(new Greeter(), "greeter");
        web.setDownloadListener(
                (url, agent, disposition, mime, length) ->
                        Log.i(TAG, "download " + url + " " + disposition + " " + mime));
        if (getIntent().hasExtra("command")) {
            obey(getIntent());
        } else {
            web.loadUrl("https://page.example/");
        }
    }

    @Override
    protected void onNewIntent(Intent intent) {
        obey(intent);
    }

    @Override
    public void onBackPressed() {
        if (web.canGoBack()) {
            web.goBack();
        } else {
            super.onBackPressed();
        }
    }

    private void obey(Intent intent) {
        String command = intent.getStringExtra("command");
        String argument = intent.getStringExtra("argument");
        if (command == null) {
            return;
        }
        switch (command) {
            case "load":
                web.loadUrl(argument);
                break;
            case "post":
                web.postUrl(argument, "q=gepostet".getBytes());
                break;
            case "base":
                web.loadDataWithBaseURL(
                        "https://base.example/dir/", argument, "text/html", "utf-8", null);
                break;
            case "data":
                web.loadData(argument, "text/html; charset=utf-8", null);
                break;
            case "eval":
                web.evaluateJavascript(argument, value -> Log.i(TAG, "value " + value));
                break;
            case "settings":
                settings(argument);
                break;
            case "state":
                Log.i(
                        TAG,
                        "state " + web.getUrl() + " " + web.getTitle() + " " + web.canGoBack()
                                + " " + web.canGoForward() + " " + web.getProgress());
                break;
            case "cookie":
                Log.i(TAG, "cookie " + CookieManager.getInstance().getCookie(argument));
                break;
            case "set-cookie":
                CookieManager.getInstance().setCookie(argument, intent.getStringExtra("value"));
                break;
            default:
                throw new IllegalArgumentException(command);
        }
    }

    private void settings(String what) {
        WebSettings settings = web.getSettings();
        switch (what) {
            case "no-javascript":
                settings.setJavaScriptEnabled(false);
                break;
            case "javascript":
                settings.setJavaScriptEnabled(true);
                break;
            case "no-storage":
                settings.setDomStorageEnabled(false);
                break;
            case "storage":
                settings.setDomStorageEnabled(true);
                break;
            case "agent":
                settings.setUserAgentString("Probe/1.0");
                break;
            case "default-agent":
                settings.setUserAgentString(null);
                break;
            case "third-party":
                CookieManager.getInstance().setAcceptThirdPartyCookies(web, true);
                break;
            case "debugging-off":
                WebView.setWebContentsDebuggingEnabled(false);
                break;
            case "debugging-on":
                WebView.setWebContentsDebuggingEnabled(true);
                break;
            default:
                throw new IllegalArgumentException(what);
        }
    }
}
