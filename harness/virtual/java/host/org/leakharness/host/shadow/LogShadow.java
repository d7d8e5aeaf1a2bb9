package org.leakharness.host.shadow;

import android.util.Log;
import org.leakharness.host.app.LogSink;
import org.robolectric.annotation.Implementation;
import org.robolectric.annotation.Implements;

/** android.util.Log with its own code; only the native end goes to the device's log. */
@Implements(className = "android.util.Log", isInAndroidSdk = false)
public class LogShadow {
  @Implementation
  protected static boolean isLoggable(String tag, int level) {
    return level >= Log.INFO;
  }

  @Implementation
  protected static int println_native(int buffer, int priority, String tag, String message) {
    LogSink.write(priority, tag, message);
    return message == null ? 0 : message.length();
  }

  @Implementation
  protected static int logger_entry_max_payload_native() {
    return 4068;
  }
}
