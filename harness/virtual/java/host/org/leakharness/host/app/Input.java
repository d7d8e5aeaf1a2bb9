package org.leakharness.host.app;

import android.os.SystemClock;
import android.view.InputDevice;
import android.view.InputEvent;
import android.view.InputEventReceiver;
import android.view.KeyCharacterMap;
import android.view.KeyEvent;
import android.view.MotionEvent;
import android.view.ViewConfiguration;
import android.view.ViewRootImpl;
import android.view.WindowManager.LayoutParams;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.leakharness.host.link.Refusal;
import org.robolectric.util.ReflectionHelpers;
import org.robolectric.util.ReflectionHelpers.ClassParameter;

/**
 * Touches and keys, delivered to the window that the system would choose, through the window's own
 * input stages (touch mode, focus navigation, unhandled keys), as `input` does on a phone.
 */
final class Input {
  private static final long STEP_MS = 8;
  private static final long NANOS_PER_MS = 1_000_000L;

  private final MainThread main;
  private Windows.Root target;
  private long downTime;

  Input(MainThread main) {
    this.main = main;
  }

  synchronized void tap(float x, float y, long timeoutMs) {
    main.run(
        timeoutMs,
        () -> {
          touch(MotionEvent.ACTION_DOWN, x, y);
          touch(MotionEvent.ACTION_UP, x, y);
        });
    main.barrier(timeoutMs);
  }

  /** A tap within one message, for the warm-up. */
  static void tapNow(float x, float y) {
    Input input = new Input(null);
    input.touch(MotionEvent.ACTION_DOWN, x, y);
    input.touch(MotionEvent.ACTION_UP, x, y);
  }

  synchronized void swipe(
      float x1, float y1, float x2, float y2, long durationMs, long timeoutMs) {
    main.run(timeoutMs, () -> touch(MotionEvent.ACTION_DOWN, x1, y1));
    long start = SystemClock.uptimeMillis();
    long elapsed = 0;
    while (elapsed < durationMs) {
      LockSupport.parkNanos(STEP_MS * NANOS_PER_MS);
      elapsed = SystemClock.uptimeMillis() - start;
      float part = Math.min(1f, elapsed / (float) durationMs);
      float x = x1 + (x2 - x1) * part;
      float y = y1 + (y2 - y1) * part;
      main.run(timeoutMs, () -> touch(MotionEvent.ACTION_MOVE, x, y));
    }
    main.run(timeoutMs, () -> touch(MotionEvent.ACTION_UP, x2, y2));
    main.barrier(timeoutMs);
  }

  private void touch(int action, float x, float y) {
    long now = SystemClock.uptimeMillis();
    if (action == MotionEvent.ACTION_DOWN) {
      downTime = now;
      target = touched(x, y);
    }
    if (target == null || target.impl.getView() == null) {
      return;
    }
    MotionEvent event = MotionEvent.obtain(downTime, now, action, x, y, 0);
    event.setSource(InputDevice.SOURCE_TOUCHSCREEN);
    event.offsetLocation(-target.bounds().left, -target.bounds().top);
    deliver(target, event);
  }

  /** The highest touchable window at the point; a modal one takes what is outside it, too. */
  private static Windows.Root touched(float x, float y) {
    Windows.settle();
    List<Windows.Root> roots = Windows.visible();
    for (int i = roots.size() - 1; i >= 0; i--) {
      Windows.Root root = roots.get(i);
      boolean inside = root.bounds().contains((int) x, (int) y);
      boolean modal =
          !root.has(LayoutParams.FLAG_NOT_FOCUSABLE)
              && !root.has(LayoutParams.FLAG_NOT_TOUCH_MODAL);
      if (!root.has(LayoutParams.FLAG_NOT_TOUCHABLE) && (inside || modal)) {
        return root;
      }
      if (root.has(LayoutParams.FLAG_WATCH_OUTSIDE_TOUCH)) {
        long now = SystemClock.uptimeMillis();
        MotionEvent outside = MotionEvent.obtain(now, now, MotionEvent.ACTION_OUTSIDE, 0, 0, 0);
        outside.setSource(InputDevice.SOURCE_TOUCHSCREEN);
        deliver(root, outside);
      }
    }
    return null;
  }

  private static void deliver(Windows.Root root, InputEvent event) {
    ReflectionHelpers.callInstanceMethod(
        ViewRootImpl.class,
        root.impl,
        "enqueueInputEvent",
        ClassParameter.from(InputEvent.class, event),
        ClassParameter.from(InputEventReceiver.class, null),
        ClassParameter.from(int.class, 0),
        ClassParameter.from(boolean.class, true));
  }

  synchronized void keys(List<Integer> codes, boolean longPress, long timeoutMs) {
    for (int code : codes) {
      long down = SystemClock.uptimeMillis();
      main.run(timeoutMs, () -> key(down, KeyEvent.ACTION_DOWN, code, 0, 0));
      if (longPress) {
        LockSupport.parkNanos(ViewConfiguration.getLongPressTimeout() * NANOS_PER_MS);
        main.run(
            timeoutMs, () -> key(down, KeyEvent.ACTION_DOWN, code, 1, KeyEvent.FLAG_LONG_PRESS));
      }
      main.run(timeoutMs, () -> key(down, KeyEvent.ACTION_UP, code, 0, 0));
      main.barrier(timeoutMs);
    }
  }

  private static void key(long downTime, int action, int code, int repeat, int flags) {
    key(
        new KeyEvent(
            downTime, SystemClock.uptimeMillis(), action, code, repeat, 0,
            KeyCharacterMap.VIRTUAL_KEYBOARD, 0, flags, InputDevice.SOURCE_KEYBOARD));
  }

  private static void key(KeyEvent event) {
    Windows.Root focused = Windows.active();
    if (focused != null) {
      deliver(focused, event);
    }
  }

  /** Types by the virtual keyboard; what it has no keys for fails as `input text` fails. */
  synchronized void text(String text, long timeoutMs) {
    KeyEvent[] events =
        KeyCharacterMap.load(KeyCharacterMap.VIRTUAL_KEYBOARD).getEvents(text.toCharArray());
    if (events == null) {
      throw new Refusal(
          "bad_text", "java.lang.NullPointerException: Attempt to get length of null array");
    }
    for (KeyEvent event : events) {
      long now = SystemClock.uptimeMillis();
      main.run(timeoutMs, () -> key(KeyEvent.changeTimeRepeat(event, now, 0)));
    }
    main.barrier(timeoutMs);
  }
}
