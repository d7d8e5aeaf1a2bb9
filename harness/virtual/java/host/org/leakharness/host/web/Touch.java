package org.leakharness.host.web;

import android.view.MotionEvent;
import java.util.ArrayList;
import java.util.List;
import org.leakharness.host.link.Json;

/** Fingers on the view, passed on to the page. */
final class Touch {
  private final Page page;

  Touch(Page page) {
    this.page = page;
  }

  boolean on(MotionEvent event) {
    String type = type(event.getActionMasked());
    if (type == null) {
      return false;
    }
    if (type.equals("touchStart") && !page.view.isFocused()) {
      page.view.requestFocus();
    }
    List<Object> points = new ArrayList<>();
    float density = page.context.getResources().getDisplayMetrics().density;
    boolean up = type.equals("touchEnd") || type.equals("touchCancel");
    for (int i = 0; i < event.getPointerCount(); i++) {
      if (!up || i != event.getActionIndex()) {
        points.add(
            Json.object(
                "x", event.getX(i) / density,
                "y", event.getY(i) / density,
                "id", event.getPointerId(i)));
      }
    }
    page.field.then(
        () -> page.send("Input.dispatchTouchEvent", "type", type, "touchPoints", points));
    return true;
  }

  private static String type(int action) {
    switch (action) {
      case MotionEvent.ACTION_DOWN:
      case MotionEvent.ACTION_POINTER_DOWN:
        return "touchStart";
      case MotionEvent.ACTION_MOVE:
        return "touchMove";
      case MotionEvent.ACTION_UP:
      case MotionEvent.ACTION_POINTER_UP:
        return "touchEnd";
      case MotionEvent.ACTION_CANCEL:
        return "touchCancel";
      default:
        return null;
    }
  }
}
