package org.leakharness.host;

import java.net.URL;
import org.robolectric.internal.AndroidSandbox.SdkSandboxClassLoader;
import org.robolectric.internal.bytecode.ClassInstrumentor;
import org.robolectric.internal.bytecode.InstrumentationConfiguration;
import org.robolectric.pluginapi.Sdk;

/** The sandbox's class loader, to which the app's jar can be added when it is already warm. */
public final class OpenLoader extends SdkSandboxClassLoader {
  OpenLoader(InstrumentationConfiguration configuration, Sdk sdk, ClassInstrumentor instrumentor) {
    super(configuration, sdk, instrumentor);
  }

  @Override
  public void addURL(URL url) {
    super.addURL(url);
  }
}
