package org.leakharness.host.web;

import android.os.Handler;
import android.os.HandlerThread;
import java.util.LinkedHashMap;
import java.util.Map;
import org.leakharness.host.link.Json;

/** Tells the device where each web view is on the screen, for the devtools' list of pages. */
final class ViewList {
  private static Handler teller;
  private static final Map<String, Object> VIEWS = new LinkedHashMap<>();

  private ViewList() {}

  /** On the main thread; the telling happens elsewhere, once for all changes of one moment. */
  static void tell(Page page) {
    if (page.target().isEmpty()) {
      return;
    }
    int[] place = new int[2];
    page.view.getLocationOnScreen(place);
    boolean attached = page.view.isAttachedToWindow();
    synchronized (VIEWS) {
      VIEWS.put(
          page.target(),
          Json.object(
              "attached", attached,
              "empty", page.view.getWidth() == 0 || page.view.getHeight() == 0,
              "height", page.view.getHeight(),
              "never_attached", false,
              "screenX", place[0],
              "screenY", place[1],
              "visible", attached && page.view.isShown(),
              "width", page.view.getWidth()));
      if (teller == null) {
        HandlerThread thread = new HandlerThread("web-views");
        thread.setDaemon(true);
        thread.start();
        teller = new Handler(thread.getLooper());
      }
      teller.removeCallbacksAndMessages(VIEWS);
      teller.postAtTime(ViewList::send, VIEWS, android.os.SystemClock.uptimeMillis() + 20);
    }
  }

  private static void send() {
    Map<String, Object> copy;
    synchronized (VIEWS) {
      copy = new LinkedHashMap<>(VIEWS);
    }
    Browser.tell("command", "views", "views", copy);
  }
}
