package androidx.test.runner.lifecycle;

/** Name and signatures that Robolectric links against; androidx.test is in no public registry. */
public interface ApplicationLifecycleMonitor {
  void addLifecycleCallback(ApplicationLifecycleCallback callback);

  void removeLifecycleCallback(ApplicationLifecycleCallback callback);
}
