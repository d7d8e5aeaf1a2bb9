package org.leakharness.host.web;

import android.net.Uri;
import android.webkit.WebResourceRequest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** A request as the app sees it. */
final class Asked implements WebResourceRequest {
  final String id;
  final String network;
  final String url;
  final boolean isDocument;
  private final boolean main;
  private final boolean redirect;
  private final boolean gesture;
  private final String method;
  private final Map<String, String> headers;

  Asked(Map<String, Object> event, Page page) {
    id = Told.text(event, "requestId");
    network = Told.text(event, "networkId");
    url = Told.text(event, "request", "url");
    boolean document = Told.text(event, "resourceType").equals("Document");
    isDocument = document;
    main = document && page.isMainFrame(Told.text(event, "frameId"));
    redirect = event.containsKey("redirectedRequestId");
    gesture = page.touchedLately();
    method = Told.text(event, "request", "method");
    Map<String, String> read = new LinkedHashMap<>();
    for (Map.Entry<String, Object> header :
        Told.map(event, "request", "headers").entrySet()) {
      read.put(header.getKey(), String.valueOf(header.getValue()));
    }
    headers = Collections.unmodifiableMap(read);
  }

  /** One that never becomes a request. */
  Asked(String url, boolean gesture) {
    this.id = "";
    this.network = "";
    this.url = url;
    this.isDocument = true;
    this.main = true;
    this.redirect = false;
    this.gesture = gesture;
    this.method = "GET";
    this.headers = Collections.emptyMap();
  }

  @Override
  public Uri getUrl() {
    return Uri.parse(url);
  }

  @Override
  public boolean isForMainFrame() {
    return main;
  }

  @Override
  public boolean isRedirect() {
    return redirect;
  }

  @Override
  public boolean hasGesture() {
    return gesture;
  }

  @Override
  public String getMethod() {
    return method;
  }

  @Override
  public Map<String, String> getRequestHeaders() {
    return headers;
  }
}
