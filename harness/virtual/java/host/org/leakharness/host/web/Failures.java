package org.leakharness.host.web;

import android.net.http.SslCertificate;
import android.net.http.SslError;
import android.webkit.HttpAuthHandler;
import android.webkit.SslErrorHandler;
import android.webkit.WebResourceResponse;
import android.webkit.WebViewClient;
import java.io.ByteArrayInputStream;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.leakharness.host.link.Json;

/** What did not come: errors, HTTP errors, untrusted certificates, passwords asked for. */
final class Failures {
  static final String ABORTED = "net::ERR_ABORTED";
  private static final int MAX_OPEN = 4096;
  private static final int MAX_DOCUMENTS = 64;
  private static final String[][] CODES = {
    {"NAME_NOT_RESOLVED", "-2"}, {"PROXY_AUTH", "-5"}, {"TIMED_OUT", "-8"},
    {"TOO_MANY_REDIRECTS", "-9"}, {"UNKNOWN_URL_SCHEME", "-10"}, {"SSL_", "-11"},
    {"CERT_", "-11"}, {"INVALID_URL", "-12"}, {"FILE_NOT_FOUND", "-14"}, {"CONNECTION_", "-6"},
    {"ADDRESS_", "-6"}, {"SOCKS_", "-6"}, {"INTERNET_DISCONNECTED", "-2"},
  };

  private final Page page;
  private final Map<String, Asked> open =
      Collections.synchronizedMap(
          new LinkedHashMap<String, Asked>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Asked> eldest) {
              return size() > MAX_OPEN;
            }
          });
  private final Map<String, String> reasons = Collections.synchronizedMap(new LinkedHashMap<>());
  private final Map<String, Response> documents =
      Collections.synchronizedMap(
          new LinkedHashMap<String, Response>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Response> eldest) {
              return size() > MAX_DOCUMENTS;
            }
          });
  private volatile Asked mainRequest;
  private volatile String mainReason = "net::ERR_FAILED";

  Failures(Page page) {
    this.page = page;
    page.on("Network.loadingFailed", this::failed);
    page.on("Network.loadingFinished", event -> open.remove(Told.text(event, "requestId")));
    page.on("Network.responseReceived", this::responded);
    page.on("Security.certificateError", this::untrusted);
  }

  void asked(Asked request) {
    open.put(request.network, request);
    if (request.isForMainFrame()) {
      mainRequest = request;
      mainReason = "net::ERR_FAILED";
    }
  }

  /** Says in Android's words why a request is about to fail. */
  void because(Asked request, String reason) {
    reasons.put(request.network, reason);
  }

  private void failed(Map<String, Object> event) {
    String id = Told.text(event, "requestId");
    Asked request = open.remove(id);
    String own = reasons.remove(id);
    String reason = own != null ? own : Told.text(event, "errorText");
    if (request == null || reason.equals(ABORTED)) {
      return;
    }
    if (request.isForMainFrame()) {
      mainReason = reason; // told once the error page is there
    } else {
      tell(request, reason);
    }
  }

  /** The main frame shows an error page. */
  void tellMain(String url) {
    Asked request = mainRequest;
    if (request != null) {
      tell(request, mainReason);
    }
  }

  void tell(Asked request, String reason) {
    LoadError error = new LoadError(code(reason), reason);
    page.post(() -> page.clientOrDefault().onReceivedError(page.view, request, error));
  }

  /** `WebViewClient.ERROR_*` (Chromium `ErrorCodeConversionHelper`). */
  static int code(String reason) {
    for (String[] known : CODES) {
      if (reason.startsWith("net::ERR_" + known[0])) {
        return Integer.parseInt(known[1]);
      }
    }
    return WebViewClient.ERROR_UNKNOWN;
  }

  /** What an answer's head says of a document that is not shown. */
  static final class Response {
    final String mime;
    final String disposition;
    final long length;

    Response(String mime, String disposition, long length) {
      this.mime = mime;
      this.disposition = disposition;
      this.length = length;
    }
  }

  Response response(String url) {
    Response known = documents.get(url);
    return known != null ? known : new Response("", "", -1);
  }

  private void remember(Map<String, Object> event) {
    Map<String, Object> headers = Told.map(event, "response", "headers");
    String disposition = "";
    long length = -1;
    for (Map.Entry<String, Object> header : headers.entrySet()) {
      String value = String.valueOf(header.getValue());
      if (header.getKey().equalsIgnoreCase("content-disposition")) {
        disposition = value;
      } else if (header.getKey().equalsIgnoreCase("content-length") && value.matches("\\d+")) {
        length = Long.parseLong(value);
      }
    }
    String mime = Told.text(event, "response", "mimeType");
    documents.put(
        Told.text(event, "response", "url"), new Response(mime, disposition, length));
  }

  private void responded(Map<String, Object> event) {
    if (Told.text(event, "type").equals("Document")) {
      remember(event);
    }
    int status = Told.whole(event, "response", "status");
    Asked request = open.get(Told.text(event, "requestId"));
    if (status < 400 || request == null) {
      return;
    }
    Map<String, String> headers = new LinkedHashMap<>();
    for (Map.Entry<String, Object> header :
        Told.map(event, "response", "headers").entrySet()) {
      headers.put(header.getKey(), String.valueOf(header.getValue()));
    }
    String reason = Told.text(event, "response", "statusText");
    WebResourceResponse response =
        new WebResourceResponse(
            Told.text(event, "response", "mimeType"),
            Told.text(event, "response", "charset"),
            status,
            reason.isEmpty() ? "Error" : reason,
            headers,
            new ByteArrayInputStream(new byte[0]));
    page.post(() -> page.clientOrDefault().onReceivedHttpError(page.view, request, response));
  }

  private void untrusted(Map<String, Object> event) {
    int number = Told.whole(event, "eventId");
    String url = Told.text(event, "requestURL");
    String type = Told.text(event, "errorType");
    SslError error = new SslError(sslCode(type), new SslCertificate("", "", "", ""), url);
    mainReason = type;
    page.post(
        () ->
            page.clientOrDefault()
                .onReceivedSslError(
                    page.view,
                    new SslErrorHandler() {
                      @Override
                      public void proceed() {
                        decide(number, "continue");
                      }

                      @Override
                      public void cancel() {
                        decide(number, "cancel");
                      }
                    },
                    error));
  }

  private void decide(int number, String action) {
    page.send("Security.handleCertificateError", "eventId", number, "action", action);
  }

  private static int sslCode(String type) {
    if (type.contains("COMMON_NAME")) {
      return SslError.SSL_IDMISMATCH;
    }
    if (type.contains("DATE")) {
      return SslError.SSL_DATE_INVALID;
    }
    return type.contains("AUTHORITY") ? SslError.SSL_UNTRUSTED : SslError.SSL_INVALID;
  }

  void authRequired(Map<String, Object> event) {
    String id = Told.text(event, "requestId");
    String host = android.net.Uri.parse(Told.text(event, "request", "url")).getHost();
    String realm = Told.text(event, "authChallenge", "realm");
    page.post(
        () ->
            page.clientOrDefault()
                .onReceivedHttpAuthRequest(
                    page.view,
                    new HttpAuthHandler() {
                      @Override
                      public void cancel() {
                        authenticate(id, Json.object("response", "CancelAuth"));
                      }

                      @Override
                      public void proceed(String user, String password) {
                        authenticate(
                            id,
                            Json.object(
                                "response", "ProvideCredentials",
                                "username", user,
                                "password", password));
                      }
                    },
                    host,
                    realm));
  }

  private void authenticate(String id, Map<String, Object> response) {
    page.send("Fetch.continueWithAuth", "requestId", id, "authChallengeResponse", response);
  }
}
