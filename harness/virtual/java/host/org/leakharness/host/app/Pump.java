package org.leakharness.host.app;

import android.os.Handler;
import android.os.Looper;
import android.os.SystemClock;
import java.util.function.BooleanSupplier;
import org.robolectric.shadow.api.Shadow;
import org.robolectric.util.ReflectionHelpers;

/** Runs the main looper from the main thread until something holds; only for the warm-up. */
final class Pump {
  private static final long LIMIT_MS = 5000;
  private static final long STEP_MS = 5;

  private static final class Stop extends RuntimeException {
    Stop() {
      super(null, null, false, false);
    }
  }

  private Pump() {}

  static void once(Handler handler) {
    until(handler, () -> true);
  }

  static void until(Handler handler, BooleanSupplier condition) {
    long deadline = SystemClock.uptimeMillis() + LIMIT_MS;
    Runnable check =
        new Runnable() {
          @Override
          public void run() {
            if (condition.getAsBoolean() || SystemClock.uptimeMillis() > deadline) {
              throw new Stop();
            }
            handler.postDelayed(this, STEP_MS);
          }
        };
    handler.post(check);
    try {
      loop();
    } catch (Stop stop) {
      handler.removeCallbacks(check);
      // Looper.loop leaves this set when an exception ends it, and would then warn the next time.
      ReflectionHelpers.setField(Looper.class, Looper.myLooper(), "mInLoop", false);
    }
  }

  /** Looper.loop as it is: Robolectric's would declare the looper dead after our exception. */
  private static void loop() {
    Shadow.directlyOn(Looper.class, "loop");
  }
}
