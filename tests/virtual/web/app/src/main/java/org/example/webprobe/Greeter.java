package org.example.webprobe;

import android.webkit.JavascriptInterface;

/** What pages can call. */
final class Greeter {
    @JavascriptInterface
    public String greet(String name, int times) {
        return "Hallo " + name + " x" + times + " on " + Thread.currentThread().getName();
    }

    @JavascriptInterface
    public void fail() {
        throw new IllegalStateException("as wanted");
    }

    public String hidden() {
        return "never";
    }
}
