package org.leakharness.host.web;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.leakharness.host.link.Json;

/** Reading of decoded JSON: what is missing is empty, zero or false. */
final class Told {
  private Told() {}

  static Object at(Map<String, Object> message, String... path) {
    Object value = message;
    for (String name : path) {
      if (!(value instanceof Map)) {
        return null;
      }
      value = Json.asMap(value).get(name);
    }
    return value;
  }

  static String text(Map<String, Object> message, String... path) {
    Object value = at(message, path);
    return value instanceof String ? (String) value : "";
  }

  static boolean flag(Map<String, Object> message, String... path) {
    return Boolean.TRUE.equals(at(message, path));
  }

  static double number(Map<String, Object> message, String... path) {
    Object value = at(message, path);
    return value instanceof Number ? ((Number) value).doubleValue() : 0;
  }

  static int whole(Map<String, Object> message, String... path) {
    Object value = at(message, path);
    return value instanceof Number ? ((Number) value).intValue() : 0;
  }

  static Map<String, Object> map(Map<String, Object> message, String... path) {
    Object value = at(message, path);
    return value instanceof Map ? Json.asMap(value) : Collections.emptyMap();
  }

  static List<Object> list(Map<String, Object> message, String... path) {
    Object value = at(message, path);
    return value instanceof List ? Json.asList(value) : Collections.emptyList();
  }
}
