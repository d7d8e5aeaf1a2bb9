package org.leakharness.host.shadow;

import org.robolectric.annotation.Implements;

/** Android's own; see {@link JsResultShadow}. */
@Implements(className = "android.webkit.JsPromptResult", isInAndroidSdk = false)
public class JsPromptResultShadow extends JsResultShadow {}
