package androidx.test.runner.intent;

/** Name and signatures that Robolectric links against; androidx.test is in no public registry. */
public final class IntentStubberRegistry {
  private IntentStubberRegistry() {}

  /** No intent is ever stubbed here: activities are really started. */
  public static boolean isLoaded() {
    return false;
  }

  public static IntentStubber getInstance() {
    throw new IllegalStateException("No intent monitor registered!");
  }
}
