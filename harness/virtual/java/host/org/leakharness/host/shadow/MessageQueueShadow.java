package org.leakharness.host.shadow;

import android.os.MessageQueue;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.robolectric.annotation.Implementation;
import org.robolectric.annotation.Implements;
import org.robolectric.annotation.RealObject;
import org.robolectric.shadows.ShadowPausedMessageQueue;
import org.robolectric.util.ReflectionHelpers;

/**
 * A message queue that waits in real time, so that every looper, the main one included, runs the
 * framework's own `Looper.loop` and `MessageQueue.next`.
 *
 * <p>Robolectric's queue waits until somebody moves its clock; here the clock moves by itself.
 */
@Implements(className = "android.os.MessageQueue", isInAndroidSdk = false)
public class MessageQueueShadow extends ShadowPausedMessageQueue {
  private static final Map<Long, MessageQueueShadow> QUEUES = new ConcurrentHashMap<>();

  @RealObject private MessageQueue queue;
  private boolean polling;
  private boolean woken;

  @Implementation
  protected void __constructor__(boolean quitAllowed) {
    super.__constructor__(quitAllowed);
    long address = ReflectionHelpers.<Long>getField(queue, "mPtr");
    QUEUES.put(address, this);
  }

  @Implementation
  protected static void nativeDestroy(long address) {
    QUEUES.remove(address);
    ShadowPausedMessageQueue.nativeDestroy(address);
  }

  @Implementation
  protected void nativePollOnce(long address, int timeoutMs) {
    synchronized (queue) {
      polling = true;
      try {
        if (!woken && timeoutMs != 0) {
          queue.wait(Math.max(timeoutMs, 0));
        }
      } catch (InterruptedException interrupt) {
        Thread.currentThread().interrupt();
      } finally {
        polling = false;
        woken = false;
      }
    }
  }

  @Implementation
  protected static void nativeWake(long address) {
    MessageQueueShadow shadow = QUEUES.get(address);
    if (shadow != null) {
      synchronized (shadow.queue) {
        shadow.woken = true;
        shadow.queue.notifyAll();
      }
    }
  }

  @Implementation
  protected static boolean nativeIsPolling(long address) {
    MessageQueueShadow shadow = QUEUES.get(address);
    return shadow != null && shadow.isPolling();
  }

  @Implementation
  protected boolean isPolling() {
    synchronized (queue) {
      return polling;
    }
  }
}
