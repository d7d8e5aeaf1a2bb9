package org.leakharness.host.shadow;

import android.app.Service;
import org.leakharness.host.app.Services;
import org.robolectric.annotation.Implementation;
import org.robolectric.annotation.Implements;
import org.robolectric.annotation.RealObject;
import org.robolectric.shadows.ShadowService;

/** A service that stops itself is really destroyed. */
@Implements(className = "android.app.Service", isInAndroidSdk = false)
public class ServiceShadow extends ShadowService {
  @RealObject private Service service;

  @Implementation
  protected void stopSelf() {
    stopSelfResult(-1);
  }

  @Implementation
  protected void stopSelf(int startId) {
    stopSelfResult(startId);
  }

  @Implementation
  protected boolean stopSelfResult(int startId) {
    return Services.get().stopSelf(service, startId);
  }
}
