package org.leakharness.host.web;

import android.graphics.Bitmap;
import android.graphics.BitmapFactory;
import android.graphics.Canvas;
import android.graphics.Color;
import android.graphics.Paint;
import android.text.Layout;
import android.text.StaticLayout;
import android.text.TextPaint;
import android.util.Log;
import java.io.IOException;
import java.util.Base64;
import java.util.Map;

/** What the view shows: the page as the browser last drew it, or why there is none. */
final class Picture {
  private static final int MARGIN_DP = 16;
  private static final int TEXT_SP = 16;

  private final Page page;
  private volatile Bitmap drawn;
  private volatile int background = Color.WHITE;

  Picture(Page page) {
    this.page = page;
  }

  void setBackground(int color) {
    background = color;
    page.send(
        "Emulation.setDefaultBackgroundColorOverride",
        "color",
            org.leakharness.host.link.Json.object(
                "r", Color.red(color), "g", Color.green(color), "b", Color.blue(color),
                "a", Color.alpha(color) / 255.0));
    page.view.postInvalidate();
  }

  void forget() {
    drawn = null;
    page.view.postInvalidate();
  }

  /** Has the page drawn anew; not on the main thread. A page that does not answer stays as it is. */
  void refresh(long timeoutMs) {
    if (page.target().isEmpty() || page.dialogs.isOpen()) {
      return;
    }
    try {
      Map<String, Object> answer =
          Browser.await(
              page.send("Page.captureScreenshot", "format", "png", "optimizeForSpeed", true),
              timeoutMs);
      byte[] png = Base64.getDecoder().decode(Told.text(answer, "data"));
      drawn = BitmapFactory.decodeByteArray(png, 0, png.length);
      page.view.postInvalidate();
    } catch (IOException busy) {
      Log.w("chromium", "the page could not be drawn: " + busy.getMessage());
    }
  }

  void draw(Canvas canvas) {
    int left = page.view.getScrollX();
    int top = page.view.getScrollY();
    if (!page.missing.isEmpty()) {
      explain(canvas, left, top);
      return;
    }
    Bitmap bitmap = drawn;
    if (bitmap == null) {
      canvas.drawColor(background);
    } else {
      canvas.drawBitmap(bitmap, left, top, null);
    }
  }

  /** Where a page would be: what is missing, and what to do about it. */
  private void explain(Canvas canvas, int left, int top) {
    float density = page.context.getResources().getDisplayMetrics().density;
    int margin = Math.round(MARGIN_DP * density);
    TextPaint paint = new TextPaint(Paint.ANTI_ALIAS_FLAG);
    paint.setTextSize(TEXT_SP * density);
    paint.setColor(Color.DKGRAY);
    String text = "Web page not available\n\n" + page.missing;
    int width = Math.max(1, page.view.getWidth() - 2 * margin);
    Layout lines = StaticLayout.Builder.obtain(text, 0, text.length(), paint, width).build();
    canvas.drawColor(Color.WHITE);
    canvas.save();
    canvas.translate(left + margin, top + margin);
    lines.draw(canvas);
    canvas.restore();
  }
}
