package androidx.test.runner.intent;

import android.app.Instrumentation;
import android.content.Intent;

/** Name and signatures that Robolectric links against; androidx.test is in no public registry. */
public interface IntentStubber {
  Instrumentation.ActivityResult getActivityResultForIntent(Intent intent);
}
