package org.leakharness.host.app;

import android.os.Looper;
import org.leakharness.host.link.Link;
import org.leakharness.host.link.Refusal;
import org.leakharness.host.link.Request;

/**
 * The main thread: warms up, waits for an app, becomes it, then runs the framework's own looper.
 */
public final class AppMain implements Runnable {
  @Override
  public void run() {
    Thread main = Thread.currentThread();
    main.setName("main");
    main.setContextClassLoader(AppMain.class.getClassLoader());
    LogSink.takeOverStreams();
    WarmUp.run();
    Link.server = new Commands();
    Link.channel.event("event", "ready");
    Crash.install();
    try {
      bindNext();
      Looper.loop();
    } catch (Throwable uncaught) {
      Crash.onMain(main, uncaught);
    }
  }

  /** Blocks at no cost until a bind request can be carried out. */
  private static void bindNext() throws InterruptedException {
    while (true) {
      Request request = Link.BIND.take();
      try {
        BoundApp.bind(request);
        Link.channel.answer(request.id, org.leakharness.host.link.Json.object(), new byte[0]);
        return;
      } catch (Refusal refusal) {
        Link.channel.fail(request.id, refusal.kind, refusal.getMessage());
      }
    }
  }
}
