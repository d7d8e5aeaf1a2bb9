package androidx.test.runner.lifecycle;

/** Name and signatures that Robolectric links against; androidx.test is in no public registry. */
public final class ApplicationLifecycleMonitorRegistry {
  private static volatile ApplicationLifecycleMonitor instance;

  private ApplicationLifecycleMonitorRegistry() {}

  public static ApplicationLifecycleMonitor getInstance() {
    if (instance == null) {
      throw new IllegalStateException("no ApplicationLifecycleMonitor registered");
    }
    return instance;
  }

  public static void registerInstance(ApplicationLifecycleMonitor newInstance) {
    instance = newInstance;
  }
}
