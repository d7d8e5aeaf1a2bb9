package org.leakharness.host.app;

import java.time.Duration;
import org.robolectric.shadows.ShadowChoreographer;
import org.robolectric.shadows.ShadowLog;
import org.robolectric.shadows.ShadowView;

/** Robolectric's switches for real drawing; they are reset with each application state. */
final class Runtime14 {
  private static final Duration FRAME = Duration.ofMillis(16);

  private Runtime14() {}

  static void prepare() {
    ShadowView.setUseRealViewAnimations(true);
    ShadowChoreographer.setPaused(true);
    ShadowChoreographer.setFrameDelay(FRAME);
    ShadowLog.stream = null;
  }
}
