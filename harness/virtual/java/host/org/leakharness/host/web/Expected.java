package org.leakharness.host.web;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is expected of the next document that the app itself has asked for. */
final class Expected {
  final Map<String, String> headers;
  final byte[] body;
  final String answerType;
  final byte[] answer;

  private Expected(Map<String, String> headers, byte[] body, String answerType, byte[] answer) {
    this.headers = headers;
    this.body = body;
    this.answerType = answerType;
    this.answer = answer;
  }

  static Expected plain() {
    return headers(Collections.emptyMap());
  }

  static Expected headers(Map<String, String> headers) {
    Map<String, String> own = headers == null ? Collections.emptyMap() : headers;
    return new Expected(new LinkedHashMap<>(own), null, null, null);
  }

  static Expected post(byte[] body) {
    byte[] sent = body == null ? new byte[0] : body;
    return new Expected(Collections.emptyMap(), sent, null, null);
  }

  static Expected answer(String type, byte[] answer) {
    return new Expected(Collections.emptyMap(), null, type, answer);
  }
}
