package org.leakharness.host.shadow;

import org.robolectric.annotation.Implements;

/** Takes the place of Robolectric's, which swallows `jobFinished`: the framework's own code runs. */
@Implements(className = "android.app.job.JobService", isInAndroidSdk = false)
public class JobServiceShadow extends ServiceShadow {}
