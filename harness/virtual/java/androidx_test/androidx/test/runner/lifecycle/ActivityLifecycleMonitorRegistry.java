package androidx.test.runner.lifecycle;

/** Name and signatures that Robolectric links against; androidx.test is in no public registry. */
public final class ActivityLifecycleMonitorRegistry {
  private static volatile ActivityLifecycleMonitor instance;

  private ActivityLifecycleMonitorRegistry() {}

  public static ActivityLifecycleMonitor getInstance() {
    if (instance == null) {
      throw new IllegalStateException("no ActivityLifecycleMonitor registered");
    }
    return instance;
  }

  public static void registerInstance(ActivityLifecycleMonitor newInstance) {
    instance = newInstance;
  }
}
