package org.leakharness.host.web;

import java.net.URI;
import java.net.URISyntaxException;
import java.text.ParseException;
import java.text.SimpleDateFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import org.leakharness.host.link.Json;

/** The value of a Set-Cookie header (RFC 6265, section 5.2) as the browser takes a cookie. */
final class SetCookie {
  private static final String[] DATES = {
    "EEE, dd MMM yyyy HH:mm:ss zzz", "EEE, dd-MMM-yyyy HH:mm:ss zzz", "EEE, dd-MMM-yy HH:mm:ss zzz",
    "EEE MMM dd HH:mm:ss yyyy",
  };

  private SetCookie() {}

  /** Null when there is no name or no site. */
  static Map<String, Object> parse(String url, String header) {
    URI uri = address(url);
    if (uri == null || uri.getHost() == null || header == null) {
      return null;
    }
    String[] parts = header.split(";");
    int equals = parts[0].indexOf('=');
    String name = equals < 0 ? "" : parts[0].substring(0, equals).trim();
    String value = parts[0].substring(equals + 1).trim();
    Map<String, Object> cookie =
        Json.object("name", name, "value", value, "url", uri.toString());
    for (int i = 1; i < parts.length; i++) {
      attribute(cookie, parts[i].trim());
    }
    return cookie;
  }

  private static void attribute(Map<String, Object> cookie, String part) {
    int equals = part.indexOf('=');
    String name = (equals < 0 ? part : part.substring(0, equals)).trim().toLowerCase(Locale.ROOT);
    String value = equals < 0 ? "" : part.substring(equals + 1).trim();
    switch (name) {
      case "domain":
        cookie.put("domain", value);
        break;
      case "path":
        cookie.put("path", value.startsWith("/") ? value : "/");
        break;
      case "secure":
        cookie.put("secure", true);
        break;
      case "httponly":
        cookie.put("httpOnly", true);
        break;
      case "samesite":
        sameSite(cookie, value);
        break;
      case "max-age":
        if (value.matches("-?\\d{1,12}")) {
          long now = System.currentTimeMillis() / 1000;
          cookie.put("expires", Math.max(1, now + Long.parseLong(value)));
        }
        break;
      case "expires":
        if (!cookie.containsKey("expires")) {
          expires(cookie, value);
        }
        break;
      default:
        break;
    }
  }

  private static void sameSite(Map<String, Object> cookie, String value) {
    for (String known : new String[] {"Strict", "Lax", "None"}) {
      if (known.equalsIgnoreCase(value)) {
        cookie.put("sameSite", known);
      }
    }
  }

  private static void expires(Map<String, Object> cookie, String value) {
    for (String pattern : DATES) {
      SimpleDateFormat format = new SimpleDateFormat(pattern, Locale.US);
      format.setTimeZone(TimeZone.getTimeZone("GMT"));
      try {
        cookie.put("expires", Math.max(1, format.parse(value).getTime() / 1000));
        return;
      } catch (ParseException other) {
        continue;
      }
    }
  }

  /** The address, of which Android also takes a bare host name; null when it is none. */
  static URI address(String url) {
    if (url == null) {
      return null;
    }
    try {
      return new URI(url.contains("://") ? url : "http://" + url);
    } catch (URISyntaxException wrong) {
      int path = url.indexOf('?');
      return path < 0 ? null : address(url.substring(0, path));
    }
  }
}
