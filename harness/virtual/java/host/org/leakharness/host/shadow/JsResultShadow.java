package org.leakharness.host.shadow;

import org.robolectric.annotation.Implements;

/** Android's own: Robolectric notes that the user said no and leaves the page waiting. */
@Implements(className = "android.webkit.JsResult", isInAndroidSdk = false)
public class JsResultShadow {}
