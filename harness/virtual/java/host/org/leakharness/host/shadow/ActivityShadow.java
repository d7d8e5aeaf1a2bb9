package org.leakharness.host.shadow;

import android.app.ActionBar;
import android.app.Activity;
import android.app.FragmentManager;
import android.content.pm.PackageManager;
import android.os.Handler;
import android.os.Looper;
import org.leakharness.host.app.ActivityStack;
import org.robolectric.annotation.Implementation;
import org.robolectric.annotation.Implements;
import org.robolectric.annotation.RealObject;
import org.robolectric.shadows.ShadowActivity;

/** What an activity asks of the system and Robolectric only notes down, done by our stack. */
@Implements(className = "android.app.Activity", isInAndroidSdk = false)
public class ActivityShadow extends ShadowActivity {
  @RealObject private Activity activity;

  /** Order of Activity.onBackPressed: action view, fragments, then the task. */
  @Implementation
  protected void onBackPressed() {
    ActionBar bar = activity.getActionBar();
    if (bar != null && bar.collapseActionView()) {
      return;
    }
    FragmentManager fragments = activity.getFragmentManager();
    if (!fragments.isStateSaved() && fragments.popBackStackImmediate()) {
      return;
    }
    ActivityStack.get().backFrom(activity);
  }

  @Implementation
  protected void finishAffinity() {
    ActivityStack.get().finishAll();
  }

  @Implementation
  protected boolean moveTaskToBack(boolean nonRoot) {
    if (!nonRoot && !activity.isTaskRoot()) {
      return false;
    }
    new Handler(Looper.getMainLooper()).post(() -> ActivityStack.get().home());
    return true;
  }

  @Implementation
  protected boolean isTaskRoot() {
    return ActivityStack.get().isRoot(activity);
  }

  /** No dialog yet: the answer is what was granted at installation or by `pm grant`. */
  @Implementation
  protected void requestPermissions(String[] permissions, int requestCode) {
    int[] results = new int[permissions.length];
    for (int i = 0; i < permissions.length; i++) {
      results[i] = activity.checkSelfPermission(permissions[i]);
      if (results[i] != PackageManager.PERMISSION_GRANTED) {
        results[i] = PackageManager.PERMISSION_DENIED;
      }
    }
    new Handler(Looper.getMainLooper())
        .post(() -> activity.onRequestPermissionsResult(requestCode, permissions, results));
  }
}
