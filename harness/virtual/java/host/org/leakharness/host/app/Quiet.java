package org.leakharness.host.app;

/** When the user interface last changed, in the sense of accessibility events. */
public final class Quiet {
  private static final long NANOS_PER_MS = 1_000_000L;
  private static volatile long lastNanos = System.nanoTime();

  private Quiet() {}

  public static void disturbed() {
    lastNanos = System.nanoTime();
  }

  static long quietForMs() {
    return (System.nanoTime() - lastNanos) / NANOS_PER_MS;
  }
}
