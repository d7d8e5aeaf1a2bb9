package androidx.test.runner.intent;

import android.content.Intent;

/** Name and signatures that Robolectric links against; androidx.test is in no public registry. */
public interface IntentCallback {
  void onIntentSent(Intent intent);
}
