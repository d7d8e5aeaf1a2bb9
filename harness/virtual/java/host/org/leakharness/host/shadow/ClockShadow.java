package org.leakharness.host.shadow;

import android.os.SystemClock;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.robolectric.annotation.Implementation;
import org.robolectric.annotation.Implements;
import org.robolectric.shadows.ShadowPausedSystemClock;

/** The machine's monotonic clock, as on a phone that never sleeps. */
@Implements(className = "android.os.SystemClock", isInAndroidSdk = false)
public class ClockShadow extends ShadowPausedSystemClock {
  private static final long NANOS_PER_MS = 1_000_000L;

  @Implementation
  protected static void sleep(long ms) {
    long end = uptimeMillis() + ms;
    boolean interrupted = false;
    for (long left = ms; left > 0; left = end - uptimeMillis()) {
      try {
        Thread.sleep(left);
      } catch (InterruptedException wake) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Implementation
  protected static boolean setCurrentTimeMillis(long ms) {
    return false;
  }

  @Implementation
  protected static long uptimeMillis() {
    return System.nanoTime() / NANOS_PER_MS;
  }

  @Implementation
  protected static long uptimeNanos() {
    return System.nanoTime();
  }

  @Implementation
  protected static long elapsedRealtime() {
    return System.nanoTime() / NANOS_PER_MS;
  }

  @Implementation
  protected static long elapsedRealtimeNanos() {
    return System.nanoTime();
  }

  @Implementation
  protected static long currentThreadTimeMillis() {
    return currentThreadTimeMicro() / 1000;
  }

  @Implementation
  protected static long currentThreadTimeMicro() {
    java.lang.management.ThreadMXBean threads =
        java.lang.management.ManagementFactory.getThreadMXBean();
    return threads.getCurrentThreadCpuTime() / 1000;
  }

  @Implementation
  protected static long currentTimeMicro() {
    return System.currentTimeMillis() * 1000;
  }

  @Implementation
  protected static long currentNetworkTimeMillis() {
    return System.currentTimeMillis();
  }

  @Implementation
  protected static Clock currentNetworkTimeClock() {
    return Clock.fixed(Instant.ofEpochMilli(System.currentTimeMillis()), ZoneOffset.UTC);
  }
}
