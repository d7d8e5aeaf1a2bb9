package org.leakharness.host.shadow;

import android.view.accessibility.AccessibilityEvent;
import android.view.accessibility.AccessibilityManager;
import org.leakharness.host.app.Quiet;
import org.robolectric.annotation.Implementation;
import org.robolectric.annotation.Implements;
import org.robolectric.shadows.ShadowAccessibilityManager;

/** Notes when the last accessibility event was sent: `uiautomator` waits for their silence. */
@Implements(className = "android.view.accessibility.AccessibilityManager", isInAndroidSdk = false)
public class AccessibilityShadow extends ShadowAccessibilityManager {
  @Implementation
  protected void sendAccessibilityEvent(AccessibilityEvent event) {
    Quiet.disturbed();
  }
}
