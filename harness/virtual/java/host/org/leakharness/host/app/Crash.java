package org.leakharness.host.app;

import android.util.Log;
import java.util.concurrent.atomic.AtomicBoolean;
import org.leakharness.host.link.Exit;
import org.leakharness.host.link.Link;

/**
 * An uncaught exception ends the process, as Android's RuntimeInit has it. The device writes the
 * lines under AndroidRuntime; here they are only reported.
 */
final class Crash implements Thread.UncaughtExceptionHandler {
  private static final AtomicBoolean CRASHING = new AtomicBoolean();

  private Crash() {}

  /** Installed before the app, so that crash reporters of the app find a handler to pass on to. */
  static void install() {
    Thread.setDefaultUncaughtExceptionHandler(new Crash());
  }

  /** Main thread: through whatever handler the app has put in front of ours. */
  static void onMain(Thread main, Throwable uncaught) {
    Thread.UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();
    try {
      (handler == null ? new Crash() : handler).uncaughtException(main, uncaught);
    } finally {
      Exit.now(Exit.CRASH);
    }
  }

  @Override
  public void uncaughtException(Thread thread, Throwable uncaught) {
    if (!CRASHING.compareAndSet(false, true)) {
      return;
    }
    try {
      Link.channel.event(
          "event", "crash",
          "thread", thread.getName(),
          "exception", String.valueOf(uncaught),
          "trace", Log.getStackTraceString(uncaught));
    } finally {
      Exit.now(Exit.CRASH);
    }
  }
}
