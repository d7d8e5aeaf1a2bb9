package org.leakharness.host.app;

import android.util.Log;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import org.leakharness.host.link.Exit;
import org.leakharness.host.link.Link;

/** Where log lines go: to the device once there is an app, to standard error while warming up. */
public final class LogSink {
  private static final PrintStream NATIVE_ERR = System.err;
  private static final ThreadLocal<Integer> TID = ThreadLocal.withInitial(LogSink::readTid);
  private static volatile boolean bound;

  private LogSink() {}

  /** System.out and System.err become log lines with Android's tags and priorities. */
  static void takeOverStreams() {
    System.setOut(lines(Log.INFO, "System.out"));
    System.setErr(lines(Log.WARN, "System.err"));
  }

  static void bound() {
    bound = true;
  }

  public static void write(int priority, String tag, String message) {
    if (Exit.isLeaving()) {
      return;
    }
    if (!bound) {
      if (priority >= Log.WARN) {
        NATIVE_ERR.println(tag + ": " + message);
      }
      return;
    }
    Link.channel.event(
        "event", "log",
        "wall_ms", System.currentTimeMillis(),
        "pid", pid(),
        "tid", TID.get(),
        "priority", priority,
        "tag", tag == null ? "" : tag,
        "message", message == null ? "null" : message);
  }

  static int pid() {
    return (int) ProcessHandle.current().pid();
  }

  /** Linux thread id; the main thread's is the process id, as Android has it. */
  private static int readTid() {
    if ("main".equals(Thread.currentThread().getName())) {
      return pid();
    }
    try {
      String link = Files.readSymbolicLink(Paths.get("/proc/thread-self")).toString();
      return Integer.parseInt(link.substring(link.lastIndexOf('/') + 1));
    } catch (IOException | NumberFormatException absent) {
      return pid();
    }
  }

  /** Robolectric prints each broadcast with its extras, which no phone does. */
  private static boolean isRobolectrics(String line) {
    return line.startsWith("Intent = ") && line.contains("; Matching wrappers: [");
  }

  private static PrintStream lines(int priority, String tag) {
    OutputStream stream =
        new OutputStream() {
          private final ByteArrayOutputStream line = new ByteArrayOutputStream();

          @Override
          public synchronized void write(int b) {
            if (b == '\n') {
              String text = new String(line.toByteArray(), StandardCharsets.UTF_8);
              line.reset();
              if (!isRobolectrics(text)) {
                LogSink.write(priority, tag, text);
              }
            } else if (b != '\r') {
              line.write(b);
            }
          }
        };
    try {
      return new PrintStream(stream, true, "UTF-8");
    } catch (java.io.UnsupportedEncodingException never) {
      throw new AssertionError(never);
    }
  }
}
