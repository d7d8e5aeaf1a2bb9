package org.leakharness.host.web;

import android.webkit.CookieManager;
import android.webkit.ValueCallback;
import android.webkit.WebView;
import android.os.Handler;
import android.os.Looper;
import android.util.Log;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.leakharness.host.link.Json;

/** Android's cookie manager over the browser's own cookies: what pages set is seen here at once. */
final class Cookies extends CookieManager {
  private static final long LIMIT_MS = 15_000;

  private volatile boolean accept = true;
  private volatile boolean acceptFiles;

  private static CompletableFuture<Map<String, Object>> send(String method, Object... params) {
    return Browser.get().connection.thenCompose(cdp -> cdp.send(Cdp.BROWSER, method, params));
  }

  /** Waited for: these methods answer at once on Android, too. */
  private static Map<String, Object> call(String method, Object... params) {
    try {
      return Browser.await(send(method, params), LIMIT_MS);
    } catch (IOException failure) {
      Log.w("CookieManager", method + ": " + failure.getMessage());
      return Json.object();
    }
  }

  @Override
  public void setAcceptCookie(boolean on) {
    accept = on;
  }

  @Override
  public boolean acceptCookie() {
    return accept;
  }

  @Override
  public void setAcceptThirdPartyCookies(WebView view, boolean on) {
    view.getSettings().setAcceptThirdPartyCookies(on);
  }

  @Override
  public boolean acceptThirdPartyCookies(WebView view) {
    return view.getSettings().getAcceptThirdPartyCookies();
  }

  @Override
  public void setCookie(String url, String value) {
    store(url, value);
  }

  @Override
  public void setCookie(String url, String value, ValueCallback<Boolean> callback) {
    boolean stored = store(url, value);
    answer(callback, stored);
  }

  private static boolean store(String url, String value) {
    Map<String, Object> cookie = SetCookie.parse(url, value);
    if (cookie == null) {
      return false;
    }
    List<Object> one = new ArrayList<>();
    one.add(cookie);
    try {
      Browser.await(send("Storage.setCookies", "cookies", one), LIMIT_MS);
      return true;
    } catch (IOException refused) {
      Log.w("CookieManager", "setCookie: " + refused.getMessage());
      return false;
    }
  }

  @Override
  public String getCookie(String url) {
    URI uri = SetCookie.address(url);
    if (uri == null || uri.getHost() == null) {
      return null;
    }
    List<Map<String, Object>> fitting = new ArrayList<>();
    for (Object entry : Told.list(call("Storage.getCookies"), "cookies")) {
      if (fits(Json.asMap(entry), uri)) {
        fitting.add(Json.asMap(entry));
      }
    }
    fitting.sort(
        (a, b) -> Told.text(b, "path").length() - Told.text(a, "path").length());
    StringBuilder line = new StringBuilder();
    for (Map<String, Object> cookie : fitting) {
      line.append(line.length() == 0 ? "" : "; ");
      line.append(Told.text(cookie, "name")).append('=').append(Told.text(cookie, "value"));
    }
    return line.length() == 0 ? null : line.toString();
  }

  /** Whether it would be sent there (RFC 6265, section 5.4). */
  private static boolean fits(Map<String, Object> cookie, URI uri) {
    String domain = Told.text(cookie, "domain");
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    boolean byDomain =
        domain.startsWith(".")
            ? host.equals(domain.substring(1)) || host.endsWith(domain)
            : host.equals(domain);
    String own = uri.getPath() == null || uri.getPath().isEmpty() ? "/" : uri.getPath();
    String path = Told.text(cookie, "path");
    boolean byPath =
        own.equals(path)
            || own.startsWith(path)
                && (path.endsWith("/") || own.charAt(path.length()) == '/');
    boolean secure = !Told.flag(cookie, "secure") || "https".equals(uri.getScheme());
    return byDomain && byPath && secure;
  }

  @Override
  public String getCookie(String url, boolean privateBrowsing) {
    return getCookie(url);
  }

  @Override
  public void removeSessionCookie() {
    removeSessionCookies(null);
  }

  @Override
  public void removeSessionCookies(ValueCallback<Boolean> callback) {
    List<Object> kept = new ArrayList<>();
    boolean removed = false;
    for (Object entry : Told.list(call("Storage.getCookies"), "cookies")) {
      if (Told.flag(Json.asMap(entry), "session")) {
        removed = true;
      } else {
        kept.add(entry);
      }
    }
    if (removed) {
      call("Storage.clearCookies");
      call("Storage.setCookies", "cookies", kept);
    }
    answer(callback, removed);
  }

  @Override
  public void removeAllCookie() {
    removeAllCookies(null);
  }

  @Override
  public void removeAllCookies(ValueCallback<Boolean> callback) {
    boolean any = hasCookies();
    call("Storage.clearCookies");
    answer(callback, any);
  }

  private static void answer(ValueCallback<Boolean> callback, boolean value) {
    if (callback != null) {
      new Handler(Looper.getMainLooper()).post(() -> callback.onReceiveValue(value));
    }
  }

  @Override
  public boolean hasCookies() {
    return !Told.list(call("Storage.getCookies"), "cookies").isEmpty();
  }

  @Override
  public boolean hasCookies(boolean privateBrowsing) {
    return hasCookies();
  }

  @Override
  public void removeExpiredCookie() {}

  /** The browser writes them when it ends and every half minute; nothing else can be asked of it. */
  @Override
  public void flush() {}

  @Override
  protected boolean allowFileSchemeCookiesImpl() {
    return acceptFiles;
  }

  @Override
  protected void setAcceptFileSchemeCookiesImpl(boolean on) {
    acceptFiles = on;
  }
}
