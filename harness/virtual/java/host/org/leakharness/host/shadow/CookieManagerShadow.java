package org.leakharness.host.shadow;

import org.robolectric.annotation.Implements;

/** In place of Robolectric's imitation: Android's own, which asks the provider. */
@Implements(className = "android.webkit.CookieManager", isInAndroidSdk = false)
public class CookieManagerShadow {}
