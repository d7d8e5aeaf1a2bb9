package org.leakharness.host.shadow;

import android.os.Handler;
import android.os.Looper;
import android.os.MessageQueue;
import android.view.DisplayEventReceiver;
import java.lang.ref.WeakReference;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.robolectric.annotation.Implementation;
import org.robolectric.annotation.Implements;
import org.robolectric.shadows.ShadowDisplayEventReceiver;
import org.robolectric.util.ReflectionHelpers;
import org.robolectric.util.ReflectionHelpers.ClassParameter;

/**
 * Vertical sync at 60 Hz in real time, and only when somebody asked for it: an idle app costs
 * nothing. The frame comes as a message on the receiver's own looper, as on a phone.
 */
@Implements(className = "android.view.DisplayEventReceiver", isInAndroidSdk = false)
public class VsyncShadow extends ShadowDisplayEventReceiver {
  private static final long FRAME_NANOS = 16_666_667L;
  private static final long NANOS_PER_MS = 1_000_000L;
  private static final int TIMELINES = 7;
  private static final Map<Long, Receiver> RECEIVERS = new ConcurrentHashMap<>();

  @Implementation
  protected static long nativeInit(
      WeakReference<DisplayEventReceiver> receiver,
      WeakReference<Object> eventData,
      MessageQueue queue,
      int vsyncSource,
      int eventRegistration,
      long layerHandle) {
    long address =
        ShadowDisplayEventReceiver.nativeInit(
            receiver, eventData, queue, vsyncSource, eventRegistration, layerHandle);
    RECEIVERS.put(address, new Receiver(receiver, Looper.myLooper()));
    return address;
  }

  @Implementation
  protected static void nativeScheduleVsync(long address) {
    Receiver receiver = RECEIVERS.get(address);
    if (receiver != null) {
      receiver.schedule();
    }
  }

  @Implementation
  protected static Object nativeGetLatestVsyncEventData(long address) {
    return eventData();
  }

  private static Object eventData() {
    try {
      Class<?> dataClass = Class.forName("android.view.DisplayEventReceiver$VsyncEventData");
      Class<?> lineClass =
          Class.forName("android.view.DisplayEventReceiver$VsyncEventData$FrameTimeline");
      Constructor<?> newLine =
          lineClass.getDeclaredConstructor(long.class, long.class, long.class);
      newLine.setAccessible(true);
      Object lines = Array.newInstance(lineClass, TIMELINES);
      long now = System.nanoTime();
      for (int i = 0; i < TIMELINES; i++) {
        Array.set(lines, i, newLine.newInstance(1L, now, now + FRAME_NANOS));
      }
      Constructor<?> newData =
          dataClass.getDeclaredConstructor(lines.getClass(), int.class, int.class, long.class);
      newData.setAccessible(true);
      return newData.newInstance(lines, 0, TIMELINES, FRAME_NANOS);
    } catch (ReflectiveOperationException changed) {
      throw new LinkageError("VsyncEventData is not as in Android 14", changed);
    }
  }

  private static final class Receiver {
    private final WeakReference<DisplayEventReceiver> target;
    private final Handler handler;
    private int frame;

    Receiver(WeakReference<DisplayEventReceiver> target, Looper looper) {
      this.target = target;
      this.handler = Handler.createAsync(looper);
    }

    void schedule() {
      long next = (System.nanoTime() / FRAME_NANOS + 1) * FRAME_NANOS;
      handler.postAtTime(() -> fire(next), (next + NANOS_PER_MS - 1) / NANOS_PER_MS);
    }

    private void fire(long frameTimeNanos) {
      DisplayEventReceiver receiver = target.get();
      if (receiver == null) {
        return;
      }
      Object data = eventData();
      ReflectionHelpers.callInstanceMethod(
          receiver,
          "onVsync",
          ClassParameter.from(long.class, frameTimeNanos),
          ClassParameter.from(long.class, 0L),
          ClassParameter.from(int.class, frame++),
          ClassParameter.from(data.getClass(), data));
    }
  }
}
