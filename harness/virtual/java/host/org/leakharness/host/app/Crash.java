package org.leakharness.host.app;

import android.util.Log;
import java.util.concurrent.atomic.AtomicBoolean;
import org.leakharness.host.link.Exit;
import org.leakharness.host.link.Link;

/** An uncaught exception, reported and ended as Android's RuntimeInit does. */
final class Crash implements Thread.UncaughtExceptionHandler {
  private static final AtomicBoolean CRASHING = new AtomicBoolean();

  private Crash() {}

  /** Installed before the app, so that crash reporters of the app find a handler to pass on to. */
  static void install() {
    Thread.setDefaultUncaughtExceptionHandler(new Crash());
  }

  /** Main thread: through whatever handler the app has put in front of ours. */
  static void onMain(Thread main, Throwable uncaught) {
    try {
      Thread.getDefaultUncaughtExceptionHandler().uncaughtException(main, uncaught);
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
      String text =
          "FATAL EXCEPTION: " + thread.getName() + "\n"
              + "Process: " + BoundApp.packageName() + ", PID: " + LogSink.pid() + "\n"
              + Log.getStackTraceString(uncaught);
      LogSink.write(Log.ERROR, "AndroidRuntime", text);
      Link.channel.event(
          "event", "crash",
          "thread", thread.getName(),
          "exception", String.valueOf(uncaught),
          "trace", text);
    } finally {
      Exit.now(Exit.CRASH);
    }
  }
}
