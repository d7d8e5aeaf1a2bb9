package androidx.test.runner.intent;

/** Name and signatures that Robolectric links against; androidx.test is in no public registry. */
public final class IntentMonitorRegistry {
  private static volatile IntentMonitor instance;

  private IntentMonitorRegistry() {}

  public static IntentMonitor getInstance() {
    if (instance == null) {
      throw new IllegalStateException("no IntentMonitor registered");
    }
    return instance;
  }

  public static void registerInstance(IntentMonitor newInstance) {
    instance = newInstance;
  }
}
