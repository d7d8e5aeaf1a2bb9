package org.leakharness.host.web;

import android.graphics.Canvas;
import android.graphics.Paint;
import android.graphics.Rect;
import android.graphics.drawable.Drawable;
import android.os.Bundle;
import android.os.Handler;
import android.view.KeyEvent;
import android.view.MotionEvent;
import android.view.View;
import android.view.ViewGroup;
import android.view.WindowInsets;
import android.view.accessibility.AccessibilityNodeProvider;
import android.view.inputmethod.EditorInfo;
import android.view.inputmethod.InputConnection;

/** The side of a web view that the framework treats as a view: size, drawing, input, focus. */
public final class ViewSide {
  private final Page page;
  private final Touch touch;
  private final NodeProvider nodes;

  ViewSide(Page page) {
    this.page = page;
    this.touch = new Touch(page);
    this.nodes = new NodeProvider(page);
  }

  /** What scroll bars ask; the page scrolls by itself. */
  public static final class Scroll {
    private final Page page;

    Scroll(Page page) {
      this.page = page;
    }

    public int computeVerticalScrollRange() {
      float density = page.context.getResources().getDisplayMetrics().density;
      return Math.max(
          page.view.getHeight(), Math.round(page.navigation.getContentHeight() * density));
    }

    public int computeVerticalScrollOffset() {
      return page.view.getScrollY();
    }

    public int computeVerticalScrollExtent() {
      return page.view.getHeight();
    }

    public int computeHorizontalScrollRange() {
      return page.view.getWidth();
    }

    public void computeScroll() {}

    public int computeHorizontalScrollOffset() {
      return page.view.getScrollX();
    }
  }

  Scroll scroll() {
    return new Scroll(page);
  }

  /** The size that the layout gives; without one, the height of the document. */
  public void onMeasure(int widthSpec, int heightSpec) {
    float density = page.context.getResources().getDisplayMetrics().density;
    int content = Math.round(page.navigation.getContentHeight() * density);
    page.access.setMeasuredDimension(
        resolve(View.MeasureSpec.getSize(widthSpec), widthSpec), resolve(content, heightSpec));
  }

  private static int resolve(int wanted, int spec) {
    int size = View.MeasureSpec.getSize(spec);
    switch (View.MeasureSpec.getMode(spec)) {
      case View.MeasureSpec.EXACTLY:
        return size;
      case View.MeasureSpec.AT_MOST:
        return Math.min(wanted, size);
      default:
        return wanted;
    }
  }

  public void onSizeChanged(int width, int height, int oldWidth, int oldHeight) {
    page.settings.applySize();
    tellViews();
  }

  /** What the devtools' list says of this view. */
  private void tellViews() {
    ViewList.tell(page);
  }

  public void onAttachedToWindow() {
    tellViews();
  }

  public void onDetachedFromWindow() {
    tellViews();
  }

  public void onVisibilityChanged(View changed, int visibility) {
    tellViews();
  }

  public void onWindowVisibilityChanged(int visibility) {
    tellViews();
  }

  public void onDraw(Canvas canvas) {
    page.picture.draw(canvas);
  }

  public void setBackgroundColor(int color) {
    page.picture.setBackground(color);
  }

  public boolean setFrame(int left, int top, int right, int bottom) {
    return page.access.super_setFrame(left, top, right, bottom);
  }

  public void setLayoutParams(ViewGroup.LayoutParams params) {
    page.access.super_setLayoutParams(params);
  }

  public boolean requestFocus(int direction, Rect previous) {
    return page.access.super_requestFocus(direction, previous);
  }

  public boolean performLongClick() {
    return page.view.getParent() != null && page.access.super_performLongClick();
  }

  public boolean performAccessibilityAction(int action, Bundle arguments) {
    return page.access.super_performAccessibilityAction(action, arguments);
  }

  public boolean dispatchKeyEvent(KeyEvent event) {
    return page.access.super_dispatchKeyEvent(event);
  }

  public boolean onTouchEvent(MotionEvent event) {
    return touch.on(event);
  }

  public boolean onHoverEvent(MotionEvent event) {
    return page.access.super_onHoverEvent(event);
  }

  public boolean onGenericMotionEvent(MotionEvent event) {
    return page.access.super_onGenericMotionEvent(event);
  }

  public void onDrawVerticalScrollBar(
      Canvas canvas, Drawable bar, int left, int top, int right, int bottom) {
    page.access.super_onDrawVerticalScrollBar(canvas, bar, left, top, right, bottom);
  }

  public WindowInsets onApplyWindowInsets(WindowInsets insets) {
    return page.access.super_onApplyWindowInsets(insets);
  }

  public boolean shouldDelayChildPressedState() {
    return true;
  }

  public Handler getHandler(Handler original) {
    return original;
  }

  public View findFocus(View original) {
    return original;
  }

  public boolean onCheckIsTextEditor() {
    return page.field.state().isEditable();
  }

  public InputConnection onCreateInputConnection(EditorInfo info) {
    return page.field.connect(info);
  }

  public boolean onKeyDown(int code, KeyEvent event) {
    return Keys.send(page, page.field, event);
  }

  public boolean onKeyUp(int code, KeyEvent event) {
    return Keys.send(page, page.field, event);
  }

  public AccessibilityNodeProvider getAccessibilityNodeProvider() {
    return NodeProvider.of(page, nodes);
  }

  public void onScrollChanged(int left, int top, int oldLeft, int oldTop) {
    page.scrollTo(left, top);
  }

  public void setOverScrollMode(int mode) {}

  public void setScrollBarStyle(int style) {}

  public void setLayerType(int type, Paint paint) {}

  public void preDispatchDraw(Canvas canvas) {}

  public void onFocusChanged(boolean focused, int direction, Rect previous) {
    page.send("Emulation.setFocusEmulationEnabled", "enabled", focused);
  }

  public void onWindowFocusChanged(boolean focused) {}

  public void onConfigurationChanged(android.content.res.Configuration changed) {}

  public void onStartTemporaryDetach() {}

  public void onFinishTemporaryDetach() {}
}
