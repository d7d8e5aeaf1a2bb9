package org.leakharness.host.shadow;

import android.content.pm.PackageInfo;
import android.webkit.WebViewFactoryProvider;
import org.leakharness.host.web.WebFactory;
import org.robolectric.annotation.Implementation;
import org.robolectric.annotation.Implements;

/** The one place where Android looks for the engine of its web views. */
@Implements(className = "android.webkit.WebViewFactory", isInAndroidSdk = false)
public class WebViewFactoryShadow {
  @Implementation
  protected static WebViewFactoryProvider getProvider() {
    return WebFactory.provider();
  }

  @Implementation
  protected static PackageInfo getLoadedPackageInfo() {
    return WebFactory.packageInfo();
  }
}
