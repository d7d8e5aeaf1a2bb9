package androidx.test.platform.app;

import android.app.Instrumentation;
import android.os.Bundle;

/** Name and signatures that Robolectric links against; androidx.test is in no public registry. */
public final class InstrumentationRegistry {
  private static volatile Instrumentation instrumentation;
  private static volatile Bundle arguments;

  private InstrumentationRegistry() {}

  public static Instrumentation getInstrumentation() {
    if (instrumentation == null) {
      throw new IllegalStateException("No instrumentation registered!");
    }
    return instrumentation;
  }

  public static Bundle getArguments() {
    return new Bundle(arguments);
  }

  public static void registerInstance(Instrumentation newInstrumentation, Bundle newArguments) {
    instrumentation = newInstrumentation;
    arguments = new Bundle(newArguments);
  }
}
