package org.leakharness.host.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.Map;
import org.leakharness.host.link.Json;

/** What the process occupies, in bytes. */
final class Memory {
  private Memory() {}

  static Map<String, Object> read() throws IllegalStateException {
    Runtime runtime = Runtime.getRuntime();
    return Json.object(
        "heap_used_bytes", runtime.totalMemory() - runtime.freeMemory(),
        "heap_committed_bytes", runtime.totalMemory(),
        "resident_bytes", residentBytes());
  }

  private static long residentBytes() {
    try {
      for (String line : Files.readAllLines(Paths.get("/proc/self/status"))) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
        }
      }
      return 0;
    } catch (IOException unreadable) {
      throw new IllegalStateException(unreadable);
    }
  }
}
