package androidx.test.runner.intent;

/** Name and signatures that Robolectric links against; androidx.test is in no public registry. */
public interface IntentMonitor {
  void addIntentCallback(IntentCallback callback);

  void removeIntentCallback(IntentCallback callback);
}
