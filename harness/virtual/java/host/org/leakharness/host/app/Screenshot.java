package org.leakharness.host.app;

import android.graphics.Bitmap;
import android.graphics.Canvas;
import android.graphics.Color;
import android.graphics.Point;
import android.graphics.Rect;
import android.os.SystemClock;
import android.view.View;
import android.view.WindowManager.LayoutParams;
import java.io.ByteArrayOutputStream;
import org.robolectric.shadow.api.Shadow;
import org.robolectric.shadows.HardwareRenderingScreenshot;
import org.robolectric.shadows.ShadowDisplay;
import org.robolectric.shadows.ShadowView;
import org.robolectric.util.ReflectionHelpers;
import org.robolectric.util.ReflectionHelpers.ClassParameter;

/** The screen as a picture: each visible window over the one below, dimmed where it asks for it. */
final class Screenshot {
  private Screenshot() {}

  /** The pixels; on the main thread. */
  static Bitmap take() {
    Point size = new Point();
    ShadowDisplay.getDefaultDisplay().getRealSize(size);
    Bitmap screen = Bitmap.createBitmap(size.x, size.y, Bitmap.Config.ARGB_8888);
    Canvas canvas = new Canvas(screen);
    canvas.drawColor(Color.BLACK);
    long now = SystemClock.uptimeMillis();
    for (Windows.Root root : Windows.visible()) {
      View view = root.view;
      if (view.getWidth() <= 0 || view.getHeight() <= 0) {
        continue;
      }
      if (root.has(LayoutParams.FLAG_DIM_BEHIND)) {
        canvas.drawColor(Color.argb(Math.round(255 * root.params.dimAmount), 0, 0, 0));
      }
      ReflectionHelpers.callInstanceMethod(
          ShadowView.class,
          Shadow.<ShadowView>extract(view),
          "setDrawingTime",
          ClassParameter.from(long.class, now));
      Bitmap window =
          Bitmap.createBitmap(view.getWidth(), view.getHeight(), Bitmap.Config.ARGB_8888);
      ReflectionHelpers.callStaticMethod(
          HardwareRenderingScreenshot.class,
          "takeScreenshot",
          ClassParameter.from(View.class, view),
          ClassParameter.from(Bitmap.class, window));
      Rect place = root.bounds();
      canvas.drawBitmap(window, place.left, place.top, null);
      window.recycle();
    }
    return screen;
  }

  static byte[] encode(Bitmap bitmap) {
    ByteArrayOutputStream png = new ByteArrayOutputStream(256 * 1024);
    bitmap.compress(Bitmap.CompressFormat.PNG, 100, png);
    bitmap.recycle();
    return png.toByteArray();
  }

  static byte[] png() {
    return encode(take());
  }
}
