package org.leakharness.host.web;

import android.webkit.WebResourceRequest;
import android.webkit.WebResourceResponse;
import android.webkit.WebView;
import android.webkit.WebViewClient;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import libcore.net.NetworkSecurityPolicy;
import org.leakharness.host.link.Json;

/**
 * Each request of the page before it is sent: the app may take over navigations and answer requests
 * itself; local addresses are answered from the app's files; what Android forbids is refused. Then
 * it goes on with the header by which Android names the app.
 */
final class Requests {
  private static final String KNOWN = " http https file data about blob javascript content ws wss chrome ";
  private static final String CLEARTEXT = "net::ERR_CLEARTEXT_NOT_PERMITTED";
  private static final ExecutorService WORKERS =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "ThreadPoolForeg");
            thread.setDaemon(true);
            return thread;
          });

  private final Page page;
  private final LocalFiles files;
  private final Failures failures;
  private volatile Expected expected;

  Requests(Page page) {
    this.page = page;
    this.files = new LocalFiles(page);
    this.failures = new Failures(page);
    page.on("Fetch.requestPaused", this::paused);
    page.on("Fetch.authRequired", failures::authRequired);
  }

  /** The next document of the main frame is one that the app has asked for. */
  void expect(Expected wanted) {
    expected = wanted;
  }

  void tellMainFailure(String url) {
    failures.tellMain(url);
  }

  Failures.Response response(String url) {
    return failures.response(url);
  }

  /** Whether an address is one that only another app could follow. */
  boolean isForeign(String url) {
    int colon = url.indexOf(':');
    String scheme = colon < 0 ? "" : url.substring(0, colon).toLowerCase(java.util.Locale.ROOT);
    return !scheme.isEmpty() && !KNOWN.contains(" " + scheme + " ");
  }

  /** Asks the app to take over an address of a foreign scheme. */
  void offer(String url) {
    Asked asked = new Asked(url, page.touchedLately());
    page.post(
        () -> {
          WebViewClient client = page.client;
          if (client == null || !client.shouldOverrideUrlLoading(page.view, asked)) {
            unknownScheme(url);
          }
        });
  }

  void unknownScheme(String url) {
    failures.tell(new Asked(url, false), "net::ERR_UNKNOWN_URL_SCHEME");
  }

  private void paused(Map<String, Object> event) {
    Asked asked = new Asked(event, page);
    Expected own = null;
    if (asked.isDocument && asked.isForMainFrame()) {
      own = expected;
      if (!asked.isRedirect()) {
        expected = null;
      }
    }
    failures.asked(asked);
    if (own != null && own.answer != null && !asked.isRedirect()) {
      answer(asked, 200, own.answerType + "; charset=utf-8", own.answer);
    } else if (files.owns(asked.url)) {
      Expected wanted = own;
      WORKERS.execute(() -> intercept(asked, wanted));
    } else if (refusal(asked) != null) {
      failures.because(asked, refusal(asked));
      fail(asked, "AccessDenied");
    } else if (asked.isDocument && (own == null || asked.isRedirect()) && isGet(asked)) {
      page.post(() -> override(asked));
    } else {
      interceptOrGo(asked, own);
    }
  }

  private static boolean isGet(Asked asked) {
    return asked.getMethod().equals("GET");
  }

  /** Why Android would not send it, or null. */
  private String refusal(Asked asked) {
    String scheme = String.valueOf(asked.getUrl().getScheme());
    if (!scheme.equals("http")) {
      return null;
    }
    String host = String.valueOf(asked.getUrl().getHost());
    if (!NetworkSecurityPolicy.getInstance().isCleartextTrafficPermitted(host)) {
      return CLEARTEXT;
    }
    String own = String.valueOf(page.navigation.getUrl());
    boolean mixed = own.startsWith("https:") && !asked.isDocument;
    int mode = page.settings.getMixedContentMode();
    return mixed && mode != android.webkit.WebSettings.MIXED_CONTENT_ALWAYS_ALLOW
        ? "net::ERR_BLOCKED_BY_CLIENT"
        : null;
  }

  /** On the main thread, as Android asks there, too. */
  private void override(Asked asked) {
    WebViewClient client = page.client;
    if (client != null && client.shouldOverrideUrlLoading(page.view, asked)) {
      failures.because(asked, Failures.ABORTED);
      fail(asked, "Aborted");
    } else {
      interceptOrGo(asked, null);
    }
  }

  private void interceptOrGo(Asked asked, Expected own) {
    if (intercepts(page.client)) {
      WORKERS.execute(() -> intercept(asked, own));
    } else {
      go(asked, own);
    }
  }

  private final Map<Class<?>, Boolean> intercepting = new ConcurrentHashMap<>();

  /** Whether the client has a say at all: most have none, and then no thread is needed. */
  private boolean intercepts(WebViewClient client) {
    return client != null
        && intercepting.computeIfAbsent(
            client.getClass(),
            type ->
                declares(type, WebResourceRequest.class) || declares(type, String.class));
  }

  private static boolean declares(Class<?> type, Class<?> request) {
    try {
      return type.getMethod("shouldInterceptRequest", WebView.class, request).getDeclaringClass()
          != WebViewClient.class;
    } catch (NoSuchMethodException changed) {
      throw new LinkageError("WebViewClient is not as in Android 14", changed);
    }
  }

  private void intercept(Asked asked, Expected own) {
    WebViewClient client = page.client;
    WebResourceResponse response =
        client == null ? null : client.shouldInterceptRequest(page.view, asked);
    if (response == null && files.owns(asked.url)) {
      response = files.read(asked.url);
      if (response == null) {
        failures.because(asked, "net::ERR_FILE_NOT_FOUND");
        fail(asked, "AddressUnreachable");
        return;
      }
    }
    if (response == null) {
      go(asked, own);
      return;
    }
    try {
      answer(asked, response);
    } catch (IOException broken) {
      failures.because(asked, "net::ERR_FAILED");
      fail(asked, "Failed");
    }
  }

  private void answer(Asked asked, WebResourceResponse response) throws IOException {
    List<Object> headers = new ArrayList<>();
    String mime = response.getMimeType();
    if (mime != null) {
      String encoding = response.getEncoding();
      String charset = encoding == null || encoding.isEmpty() ? "" : "; charset=" + encoding;
      headers.add(Json.object("name", "Content-Type", "value", mime + charset));
    }
    if (response.getResponseHeaders() != null) {
      for (Map.Entry<String, String> header : response.getResponseHeaders().entrySet()) {
        headers.add(Json.object("name", header.getKey(), "value", header.getValue()));
      }
    }
    int status = response.getStatusCode() == 0 ? 200 : response.getStatusCode();
    InputStream data = response.getData();
    byte[] body = new byte[0];
    if (data != null) {
      try (InputStream open = data) {
        body = open.readAllBytes();
      }
    } else if (response.getStatusCode() == 0) {
      status = 404;
    }
    fulfil(asked, status, headers, body);
  }

  private void answer(Asked asked, int status, String type, byte[] body) {
    List<Object> headers = new ArrayList<>();
    headers.add(Json.object("name", "Content-Type", "value", type));
    fulfil(asked, status, headers, body);
  }

  private void fulfil(Asked asked, int status, List<Object> headers, byte[] body) {
    page.send(
        "Fetch.fulfillRequest",
        "requestId", asked.id,
        "responseCode", status,
        "responseHeaders", headers,
        "body", Base64.getEncoder().encodeToString(body));
  }

  private void fail(Asked asked, String reason) {
    page.send("Fetch.failRequest", "requestId", asked.id, "errorReason", reason);
  }

  private void go(Asked asked, Expected own) {
    List<Object> headers = new ArrayList<>();
    Map<String, String> all = new LinkedHashMap<>(asked.getRequestHeaders());
    boolean http = asked.url.startsWith("http");
    if (http) {
      all.put("X-Requested-With", page.context.getPackageName());
    }
    if (own != null) {
      all.putAll(own.headers);
    }
    for (Map.Entry<String, String> header : all.entrySet()) {
      headers.add(Json.object("name", header.getKey(), "value", header.getValue()));
    }
    if (own != null && own.body != null) {
      headers.add(
          Json.object("name", "Content-Type", "value", "application/x-www-form-urlencoded"));
      page.send(
          "Fetch.continueRequest",
          "requestId", asked.id,
          "method", "POST",
          "postData", Base64.getEncoder().encodeToString(own.body),
          "headers", headers);
    } else if (http) {
      page.send("Fetch.continueRequest", "requestId", asked.id, "headers", headers);
    } else {
      page.send("Fetch.continueRequest", "requestId", asked.id);
    }
  }
}
