package org.leakharness.host.web;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Text files that lie beside these classes. */
final class Resources {
  private Resources() {}

  static String text(String name) {
    try (InputStream content = Resources.class.getResourceAsStream(name)) {
      if (content == null) {
        throw new LinkageError("the host's jar lacks " + name);
      }
      return new String(content.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new LinkageError(name, unreadable);
    }
  }
}
