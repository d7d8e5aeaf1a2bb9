package org.leakharness.host.app;

import android.app.Application;
import android.content.ComponentName;
import android.content.Context;
import android.content.Intent;
import android.graphics.Bitmap;
import android.net.Uri;
import android.os.SystemClock;
import android.view.Choreographer;
import android.view.KeyEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.leakharness.host.app.Commands.Answer;
import org.leakharness.host.link.Exit;
import org.leakharness.host.link.Json;
import org.leakharness.host.link.Refusal;
import org.leakharness.host.link.Request;
import org.leakharness.host.web.WebRoom;
import org.robolectric.RuntimeEnvironment;

/** The commands that need an app; one method each. */
final class AppCommands {
  private static final long IDLE_LIMIT_MS = 10_000;
  private static final long POLL_NANOS = 5_000_000L;

  private MainThread main;
  private Input input;

  /** Main thread and input, once there is an app; before, nothing can be asked of it. */
  private synchronized MainThread main() {
    if (main == null) {
      if (!BoundApp.isBound()) {
        throw new Refusal("no_app", "no app is bound to this process");
      }
      main = new MainThread();
      input = new Input(main);
    }
    return main;
  }

  private Input input() {
    main();
    return input;
  }

  Answer debuggerAttached(Request request) {
    BoundApp.openGate();
    return Answer.done();
  }

  Answer startActivity(Request request) {
    long start = SystemClock.uptimeMillis();
    ActivityStack stack = ActivityStack.get();
    Intent intent = Intents.of(request);
    boolean[] outcome = new boolean[3];
    main()
        .run(
            request.timeoutMs,
            () -> {
              outcome[0] = stack.isEmpty();
              outcome[1] = !outcome[0] && !stack.isFront();
              outcome[2] = stack.fromShell(Intents.withComponent(intent));
            });
    awaitFrame(request.timeoutMs);
    String state = outcome[2] ? "HOT" : outcome[0] && Launches.first() ? "COLD" : "WARM";
    String component =
        main()
            .call(
                request.timeoutMs,
                () ->
                    stack.top() == null ? "" : stack.top().getComponentName().flattenToString());
    return Answer.of(
        Json.object(
            "component", component,
            "launch_state", state,
            "total_time_ms", SystemClock.uptimeMillis() - start,
            "brought_to_front", outcome[2]));
  }

  /** Waits for one frame and for what it posted: the new window has then been drawn. */
  private void awaitFrame(long timeoutMs) {
    CompletableFuture<Void> drawn = new CompletableFuture<>();
    main()
        .handler()
        .post(
            () ->
                Choreographer.getInstance()
                    .postFrameCallback(time -> main.handler().post(() -> drawn.complete(null))));
    main().await(drawn, timeoutMs);
  }

  Answer tap(Request request) {
    input().tap(request.decimal("x"), request.decimal("y"), request.timeoutMs);
    return Answer.done();
  }

  Answer swipe(Request request) {
    input()
        .swipe(
            request.decimal("x1"), request.decimal("y1"),
            request.decimal("x2"), request.decimal("y2"),
            request.number("duration_ms"), request.timeoutMs);
    return Answer.done();
  }

  Answer text(Request request) {
    input().text(request.text("text"), request.timeoutMs);
    return Answer.done();
  }

  Answer keyEvent(Request request) {
    for (int code : request.numbers("codes")) {
      if (code == KeyEvent.KEYCODE_HOME) {
        home(request);
      } else if (code == KeyEvent.KEYCODE_BACK) {
        back(request);
      } else {
        input()
            .keys(Collections.singletonList(code), request.flag("long_press"), request.timeoutMs);
      }
    }
    return Answer.done();
  }

  Answer dump(Request request) {
    WebRoom.settle();
    awaitQuiet(request.number("quiet_ms"), request.timeoutMs);
    WebRoom.refreshNodes();
    boolean compressed = request.flag("compressed");
    return Answer.of(
        main()
            .call(
                request.timeoutMs,
                () -> {
                  Windows.Root active = Windows.active();
                  if (active == null) {
                    throw new Refusal("no_window", "no window of this app has the focus");
                  }
                  return Dumper.dump(active, compressed);
                }));
  }

  private void awaitQuiet(long quietMs, long timeoutMs) {
    long deadline = SystemClock.uptimeMillis() + Math.min(IDLE_LIMIT_MS, timeoutMs);
    main().barrier(timeoutMs);
    while (Quiet.quietForMs() < quietMs) {
      if (SystemClock.uptimeMillis() > deadline) {
        throw new Refusal("not_idle", "the user interface did not come to rest");
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    main().barrier(timeoutMs);
  }

  Answer screenshot(Request request) {
    WebRoom.settle();
    WebRoom.refreshPictures();
    Bitmap screen = main().call(request.timeoutMs, Screenshot::take);
    return Answer.of(Screenshot.encode(screen));
  }

  Answer home(Request request) {
    main().run(request.timeoutMs, () -> ActivityStack.get().home());
    main().barrier(request.timeoutMs);
    return Answer.done();
  }

  /** BACK hides the keyboard when there is one, else goes to the focused window. */
  Answer back(Request request) {
    if (main().call(request.timeoutMs, Ime::hide)) {
      return Answer.done();
    }
    input().keys(Collections.singletonList(KeyEvent.KEYCODE_BACK), false, request.timeoutMs);
    main().run(request.timeoutMs, () -> ActivityStack.get().settle());
    return Answer.done();
  }

  Answer focus(Request request) {
    return Answer.of(
        main()
            .call(
                request.timeoutMs,
                () -> {
                  Windows.Root root = Windows.active();
                  return Json.object(
                      "window_title", root == null ? "" : root.title(),
                      "component", root == null ? "" : root.component());
                }));
  }

  Answer windows(Request request) {
    List<Object> windows =
        main()
            .call(
                request.timeoutMs,
                () -> {
                  Windows.settle();
                  List<Object> found = new ArrayList<>();
                  for (Windows.Root root : Windows.visible()) {
                    found.add(describe(root));
                  }
                  return found;
                });
    return Answer.of(Json.object("windows", windows));
  }

  private static Map<String, Object> describe(Windows.Root root) {
    android.graphics.Rect bounds = root.bounds();
    List<Object> corners = new ArrayList<>();
    Collections.addAll(corners, bounds.left, bounds.top, bounds.right, bounds.bottom);
    return Json.object(
        "title", root.title(),
        "component", root.component(),
        "bounds", corners,
        "focused", root.isFocused(),
        "visible", true,
        "is_dialog", root.isDialog());
  }

  Answer ime(Request request) {
    return Answer.of(main().call(request.timeoutMs, Ime::state));
  }

  Answer memory(Request request) {
    if (request.flag("collect")) {
      System.gc();
    }
    return Answer.of(Memory.read());
  }

  Answer broadcast(Request request) {
    Intent intent = Intents.of(request);
    main()
        .run(
            request.timeoutMs,
            () -> {
              Context context = RuntimeEnvironment.getApplication();
              context.sendBroadcast(intent);
            });
    main().barrier(request.timeoutMs);
    return Answer.done();
  }

  /** The component that was started, empty when there is no such service. */
  Answer startService(Request request) {
    Intent intent = Intents.of(request);
    ComponentName[] started = new ComponentName[1];
    main().run(request.timeoutMs, () -> started[0] = Services.get().start(intent));
    main().barrier(request.timeoutMs);
    return Answer.of(
        Json.object("component", started[0] == null ? "" : started[0].flattenToString()));
  }

  Answer stopService(Request request) {
    Intent intent = Intents.of(request);
    boolean ran = main().call(request.timeoutMs, () -> Services.get().stop(intent));
    main().barrier(request.timeoutMs);
    return Answer.of(Json.object("ran", ran));
  }

  Answer services(Request request) {
    return Answer.of(Json.object("services", Services.get().describe()));
  }

  Answer setPermission(Request request) {
    List<String> one = Collections.singletonList(request.text("name"));
    main().run(request.timeoutMs, () -> BoundApp.grant(one, request.flag("granted")));
    return Answer.done();
  }

  Answer shutdown(Request request) {
    Exit.now(0);
    return Answer.done();
  }
}
