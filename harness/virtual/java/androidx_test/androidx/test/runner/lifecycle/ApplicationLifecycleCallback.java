package androidx.test.runner.lifecycle;

import android.app.Application;

/** Name and signatures that Robolectric links against; androidx.test is in no public registry. */
public interface ApplicationLifecycleCallback {
  void onApplicationLifecycleChanged(Application app, ApplicationStage stage);
}
