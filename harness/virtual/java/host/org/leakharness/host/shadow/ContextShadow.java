package org.leakharness.host.shadow;

import android.content.ComponentName;
import android.content.Context;
import android.content.Intent;
import android.content.ServiceConnection;
import android.os.UserHandle;
import java.util.concurrent.Executor;
import org.leakharness.host.app.Services;
import org.robolectric.annotation.Implementation;
import org.robolectric.annotation.Implements;
import org.robolectric.shadows.ShadowContextImpl;

/** Services that Robolectric only notes down are really started and bound. */
@Implements(className = ShadowContextImpl.CLASS_NAME, isInAndroidSdk = false)
public class ContextShadow extends ShadowContextImpl {
  @Implementation
  protected ComponentName startService(Intent intent) {
    validateServiceIntent(intent);
    return Services.get().start(intent);
  }

  @Implementation
  protected ComponentName startForegroundService(Intent intent) {
    return startService(intent);
  }

  @Implementation
  protected boolean stopService(Intent intent) {
    validateServiceIntent(intent);
    return Services.get().stop(intent);
  }

  @Implementation
  protected boolean bindService(Intent intent, ServiceConnection client, int flags) {
    validateServiceIntent(intent);
    return Services.get().bind(intent, client, flags, null);
  }

  @Implementation
  protected boolean bindService(
      Intent intent, ServiceConnection client, Context.BindServiceFlags flags) {
    return bindService(intent, client, (int) flags.getValue());
  }

  @Implementation
  protected boolean bindService(
      Intent intent, int flags, Executor executor, ServiceConnection client) {
    validateServiceIntent(intent);
    return Services.get().bind(intent, client, flags, executor);
  }

  @Implementation
  protected boolean bindServiceAsUser(
      Intent intent, ServiceConnection client, int flags, UserHandle user) {
    return bindService(intent, client, flags);
  }

  @Implementation
  protected void unbindService(ServiceConnection client) {
    Services.get().unbind(client);
  }
}
