package androidx.test.runner.lifecycle;

import android.app.Activity;
import java.util.Collection;

/** Name and signatures that Robolectric links against; androidx.test is in no public registry. */
public interface ActivityLifecycleMonitor {
  void addLifecycleCallback(ActivityLifecycleCallback callback);

  void removeLifecycleCallback(ActivityLifecycleCallback callback);

  Stage getLifecycleStageOf(Activity activity);

  Collection<Activity> getActivitiesInStage(Stage stage);
}
