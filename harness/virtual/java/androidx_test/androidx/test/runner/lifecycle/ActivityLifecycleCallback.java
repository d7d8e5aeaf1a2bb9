package androidx.test.runner.lifecycle;

import android.app.Activity;

/** Name and signatures that Robolectric links against; androidx.test is in no public registry. */
public interface ActivityLifecycleCallback {
  void onActivityLifecycleChanged(Activity activity, Stage stage);
}
