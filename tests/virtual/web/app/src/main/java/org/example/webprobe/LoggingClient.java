package org.example.webprobe;

import android.graphics.Bitmap;
import android.net.http.SslError;
import android.os.Looper;
import android.util.Log;
import android.webkit.RenderProcessGoneDetail;
import android.webkit.SslErrorHandler;
import android.webkit.WebResourceError;
import android.webkit.WebResourceRequest;
import android.webkit.WebResourceResponse;
import android.webkit.WebView;
import android.webkit.WebViewClient;
import java.io.ByteArrayInputStream;

/** Says what it is told. */
final class LoggingClient extends WebViewClient {
    private static void say(String text) {
        Log.i(MainActivity.TAG, (Looper.myLooper() == Looper.getMainLooper() ? "" : "worker ") + text);
    }

    @Override
    public void onPageStarted(WebView view, String url, Bitmap favicon) {
        say("started " + url);
    }

    @Override
    public void onPageFinished(WebView view, String url) {
        say("finished " + url);
    }

    @Override
    public boolean shouldOverrideUrlLoading(WebView view, WebResourceRequest request) {
        say("override? " + request.getUrl() + " " + request.hasGesture() + " " + request.isRedirect());
        return request.getUrl().toString().contains("overridden")
                || "probe".equals(request.getUrl().getScheme());
    }

    @Override
    public WebResourceResponse shouldInterceptRequest(WebView view, WebResourceRequest request) {
        if (request.getUrl().getHost() != null && request.getUrl().getHost().equals("app.example")) {
            say("intercepted " + request.getMethod() + " " + request.getUrl());
            byte[] body = "<title>Eigene Antwort</title>".getBytes();
            return new WebResourceResponse("text/html", "utf-8", new ByteArrayInputStream(body));
        }
        return null;
    }

    @Override
    public void onReceivedError(WebView view, WebResourceRequest request, WebResourceError error) {
        say("error " + error.getErrorCode() + " " + error.getDescription() + " " + request.getUrl());
    }

    @Override
    public void onReceivedHttpError(
            WebView view, WebResourceRequest request, WebResourceResponse response) {
        say("http " + response.getStatusCode() + " " + request.getUrl());
    }

    @Override
    public void onReceivedSslError(WebView view, SslErrorHandler handler, SslError error) {
        say("ssl " + error.getPrimaryError() + " " + error.getUrl());
        handler.cancel();
    }

    @Override
    public boolean onRenderProcessGone(WebView view, RenderProcessGoneDetail detail) {
        say("gone " + detail.didCrash());
        return true;
    }
}
