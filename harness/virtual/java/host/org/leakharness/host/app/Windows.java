package org.leakharness.host.app;

import android.app.Activity;
import android.graphics.Rect;
import android.os.IBinder;
import android.os.Looper;
import android.view.View;
import android.view.ViewRootImpl;
import android.view.WindowManager.LayoutParams;
import android.view.WindowManagerGlobal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.robolectric.shadow.api.Shadow;
import org.robolectric.shadows.ShadowViewRootImpl;
import org.robolectric.util.ReflectionHelpers;

/** The windows on the screen and who of them has the focus; all on the main thread. */
final class Windows {
  private static ViewRootImpl focused;

  /** One visible window. */
  static final class Root {
    final ViewRootImpl impl;
    final LayoutParams params;
    final View view;
    final Activity owner;

    private Root(ViewRootImpl impl, LayoutParams params, View view, Activity owner) {
      this.impl = impl;
      this.params = params;
      this.view = view;
      this.owner = owner;
    }

    Rect bounds() {
      int[] place = new int[2];
      view.getLocationOnScreen(place);
      return new Rect(
          place[0], place[1], place[0] + view.getWidth(), place[1] + view.getHeight());
    }

    boolean has(int flag) {
      return (params.flags & flag) != 0;
    }

    boolean isDialog() {
      return params.type != LayoutParams.TYPE_BASE_APPLICATION;
    }

    /** Within an activity: its own window, then dialogs, then panels; equal ones by age. */
    private int rank() {
      if (params.type == LayoutParams.TYPE_BASE_APPLICATION) {
        return 0;
      }
      return params.type < LayoutParams.FIRST_SUB_WINDOW ? 1 : 2;
    }

    boolean isFocused() {
      return impl == focused;
    }

    String component() {
      return owner == null ? "" : owner.getComponentName().flattenToString();
    }

    String title() {
      CharSequence title = params.getTitle();
      return title == null || title.length() == 0 ? component() : title.toString();
    }
  }

  private Windows() {}

  /** Keeps activities, focus and callbacks in step, each time the main thread has nothing to do. */
  static void watch() {
    Looper.myQueue()
        .addIdleHandler(
            () -> {
              ActivityStack.get().settle();
              settle();
              NetworkState.tellNewCallbacks();
              return true;
            });
  }

  /** Visible windows from the lowest to the highest. */
  static List<Root> visible() {
    WindowManagerGlobal global = WindowManagerGlobal.getInstance();
    List<ViewRootImpl> impls = ReflectionHelpers.getField(global, "mRoots");
    List<LayoutParams> params = ReflectionHelpers.getField(global, "mParams");
    List<Root> roots = new ArrayList<>();
    for (int i = 0; i < impls.size(); i++) {
      View view = impls.get(i).getView();
      if (view == null || view.getVisibility() != View.VISIBLE) {
        continue;
      }
      boolean system = params.get(i).type >= LayoutParams.FIRST_SYSTEM_WINDOW;
      Activity owner = ownerOf(params.get(i), impls);
      if (system || owner != null) {
        roots.add(new Root(impls.get(i), params.get(i), view, owner));
      }
    }
    roots.sort(Comparator.comparingInt(Windows::layer).thenComparingInt(root -> root.rank()));
    return roots;
  }

  /** Activities in the order of the task, system windows above all. */
  private static int layer(Root root) {
    return root.owner == null ? Integer.MAX_VALUE : ActivityStack.get().indexOf(root.owner);
  }

  private static Activity ownerOf(LayoutParams params, List<ViewRootImpl> impls) {
    Activity owner = ActivityStack.get().visibleOwner(params.token);
    if (owner != null || params.type < LayoutParams.FIRST_SUB_WINDOW) {
      return owner;
    }
    IBinder parent = params.token;
    for (ViewRootImpl impl : impls) {
      View view = impl.getView();
      if (view != null && view.getWindowToken() == parent && parent != null) {
        LayoutParams own = (LayoutParams) view.getLayoutParams();
        return own == params ? null : ownerOf(own, impls);
      }
    }
    return null;
  }

  /** Gives the window focus to the highest window that can take it. */
  static void settle() {
    ViewRootImpl next = null;
    for (Root root : visible()) {
      if (!root.has(LayoutParams.FLAG_NOT_FOCUSABLE)) {
        next = root.impl;
      }
    }
    if (next == focused) {
      return;
    }
    ViewRootImpl previous = focused;
    focused = next;
    Quiet.disturbed();
    if (previous != null && previous.getView() != null) {
      Shadow.<ShadowViewRootImpl>extract(previous).callWindowFocusChanged(false);
    }
    if (next != null) {
      Shadow.<ShadowViewRootImpl>extract(next).callWindowFocusChanged(true);
    }
  }

  /** The focused window, or null. */
  static Root active() {
    settle();
    for (Root root : visible()) {
      if (root.isFocused()) {
        return root;
      }
    }
    return null;
  }
}
