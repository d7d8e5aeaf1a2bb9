package org.leakharness.host.shadow;

import org.robolectric.annotation.Implements;
import org.robolectric.shadows.ShadowViewGroup;

/** In place of Robolectric's imitation: none of WebView's own methods is replaced. */
@Implements(className = "android.webkit.WebView", isInAndroidSdk = false)
public class WebViewShadow extends ShadowViewGroup {}
