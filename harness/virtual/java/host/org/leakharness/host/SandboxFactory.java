package org.leakharness.host;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.leakharness.host.app.HostEnvironment;
import org.leakharness.host.link.Link;
import org.leakharness.host.shadow.Shadows;
import org.robolectric.android.AndroidSdkShadowMatcher;
import org.robolectric.annotation.ResourcesMode;
import org.robolectric.annotation.SQLiteMode;
import org.robolectric.interceptors.AndroidInterceptors;
import org.robolectric.internal.AndroidSandbox;
import org.robolectric.internal.bytecode.ClassHandler;
import org.robolectric.internal.bytecode.ClassHandlerBuilder;
import org.robolectric.internal.bytecode.ClassInstrumentor;
import org.robolectric.internal.bytecode.InstrumentationConfiguration;
import org.robolectric.internal.bytecode.Interceptor;
import org.robolectric.internal.bytecode.Interceptors;
import org.robolectric.internal.bytecode.MethodRef;
import org.robolectric.internal.bytecode.ShadowMap;
import org.robolectric.internal.bytecode.ShadowProviders;
import org.robolectric.pluginapi.Sdk;
import org.robolectric.util.inject.Injector;

/** Puts together Robolectric's sandbox for Android 14, open for more jars and with our shadows. */
final class SandboxFactory {
  private SandboxFactory() {}

  static AndroidSandbox build() {
    Injector injector =
        new Injector.Builder(SandboxFactory.class.getClassLoader())
            .bind(Properties.class, System.getProperties())
            .build();
    Sdk sdk = new Android14(Paths.get(System.getProperty("leakharness.android.jar")));
    Interceptors interceptors = interceptors();
    ShadowProviders shadowProviders = injector.getInstance(ShadowProviders.class);
    OpenLoader loader =
        new OpenLoader(
            configuration(interceptors, shadowProviders),
            sdk,
            injector.getInstance(ClassInstrumentor.class));
    Link.addUrl = loader::addURL;
    AndroidSandbox sandbox =
        new AndroidSandbox(
            sdk,
            sdk,
            ResourcesMode.Mode.BINARY,
            new AndroidSandbox.TestEnvironmentSpec(HostEnvironment.class),
            loader,
            shadowProviders,
            SQLiteMode.Mode.NATIVE);
    ShadowMap shadows =
        shadowProviders.getBaseShadowMap().newBuilder().addShadowClasses(Shadows.all()).build();
    sandbox.replaceShadowMap(shadows);
    ClassHandler handler =
        injector
            .getInstance(ClassHandlerBuilder.class)
            .build(shadows, new AndroidSdkShadowMatcher(sdk.getApiLevel()), interceptors);
    sandbox.configure(handler, interceptors);
    return sandbox;
  }

  /** Robolectric's interceptors, but framework code reads the machine's own clocks. */
  private static Interceptors interceptors() {
    List<Interceptor> all = new ArrayList<>();
    for (Interceptor interceptor : AndroidInterceptors.all()) {
      if (!(interceptor instanceof AndroidInterceptors.SystemTimeInterceptor)) {
        all.add(interceptor);
      }
    }
    all.add(new RealTimeInterceptor());
    return new Interceptors(all);
  }

  /** The rules of Robolectric's Android runner; `link` and `net` exist once, outside. */
  private static InstrumentationConfiguration configuration(
      Interceptors interceptors, ShadowProviders shadowProviders) {
    InstrumentationConfiguration.Builder builder = new InstrumentationConfiguration.Builder();
    for (MethodRef method : interceptors.getAllMethodRefs()) {
      builder.addInterceptedMethod(method);
    }
    builder.doNotAcquireClass("org.robolectric.shadow.api.ShadowPicker");
    String[] shared = {
      "org.leakharness.host.link.",
      "org.leakharness.host.net.",
      "org.bouncycastle.",
      "org.conscrypt.",
      "org.objectweb.asm",
      "org.robolectric.manifest.",
      "org.robolectric.res.",
      "org.w3c.",
      "org.xml."
    };
    for (String name : shared) {
      builder.doNotAcquirePackage(name);
    }
    builder
        .addClassNameTranslation(
            "java.net.ExtendedResponseCache", "org.robolectric.fakes.RoboExtendedResponseCache")
        .addClassNameTranslation(
            "java.net.ResponseSource", "org.robolectric.fakes.RoboResponseSource")
        .addClassNameTranslation("java.nio.charset.Charsets", StandardCharsets.class.getName())
        .addClassNameTranslation("java.lang.UnsafeByteSequence", Object.class.getName())
        .addClassNameTranslation("java.util.jar.StrictJarFile", Object.class.getName())
        .addClassNameTranslation("sun.misc.Cleaner", "java.lang.ref.Cleaner$Cleanable");
    builder.doNotInstrumentPackage("android.R");
    builder.doNotInstrumentClass("android.app.RecoverableSecurityException");
    String[] instrumented = {
      "dalvik.", "libcore.", "android.", "com.android.internal.", "org.apache.http.",
      "org.ccil.cowan.tagsoup.", "org.kxml2."
    };
    for (String name : instrumented) {
      builder.addInstrumentedPackage(name);
    }
    for (String name : shadowProviders.getInstrumentedPackages()) {
      builder.addInstrumentedPackage(name);
    }
    return builder.build();
  }

  /** Android 14 from a jar at a given place; nothing is looked up or downloaded. */
  private static final class Android14 extends Sdk {
    private final Path jar;

    Android14(Path jar) {
      super(34);
      this.jar = jar;
    }

    @Override
    public String getAndroidVersion() {
      return "14";
    }

    @Override
    public String getAndroidCodeName() {
      return "REL";
    }

    @Override
    public Path getJarPath() {
      return jar;
    }

    @Override
    public boolean isSupported() {
      return true;
    }

    @Override
    public String getUnsupportedMessage() {
      return "";
    }

    @Override
    public void verifySupportedSdk(String testClassName) {}
  }
}
