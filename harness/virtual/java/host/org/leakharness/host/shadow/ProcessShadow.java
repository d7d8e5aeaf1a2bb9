package org.leakharness.host.shadow;

import org.leakharness.host.link.Exit;
import org.robolectric.annotation.Implementation;
import org.robolectric.annotation.Implements;
import org.robolectric.shadows.ShadowProcess;

/** An app that kills its own process is really gone; others it may not touch. */
@Implements(className = "android.os.Process", isInAndroidSdk = false)
public class ProcessShadow extends ShadowProcess {
  @Implementation
  protected static void killProcess(int pid) {
    if (pid == myPid()) {
      Exit.now(Exit.KILLED);
    }
  }
}
