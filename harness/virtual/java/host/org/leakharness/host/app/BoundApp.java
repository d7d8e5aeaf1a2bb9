package org.leakharness.host.app;

import android.app.Application;
import android.app.Instrumentation;
import android.content.ContentProvider;
import android.content.ContentResolver;
import android.content.pm.PackageInfo;
import android.content.pm.PackageManager;
import android.content.pm.ProviderInfo;
import android.provider.Settings.Global;
import android.provider.Settings.Secure;
import android.view.accessibility.AccessibilityManager;
import androidx.test.platform.app.InstrumentationRegistry;
import java.net.MalformedURLException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.leakharness.host.link.Link;
import org.leakharness.host.link.Refusal;
import org.leakharness.host.link.Request;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.internal.TestEnvironment;
import org.robolectric.shadow.api.Shadow;
import org.robolectric.shadows.ShadowAccessibilityManager;
import org.robolectric.shadows.ShadowContentResolver;
import org.robolectric.shadows.ShadowInstrumentation;
import org.robolectric.shadows.ShadowPackageManager;
import org.robolectric.shadows.ShadowProcess;
import org.robolectric.util.ReflectionHelpers;
import org.robolectric.util.ReflectionHelpers.ClassParameter;

/** Turns the warm process into the process of one app, up to the return of Application.onCreate. */
public final class BoundApp {
  private static final CountDownLatch GATE = new CountDownLatch(1);
  private static volatile Request request;

  private BoundApp() {}

  static boolean isBound() {
    return request != null;
  }

  static String packageName() {
    return request == null ? "" : request.text("package");
  }

  /** Whether the package has further APKs in the folder of its base. */
  public static boolean hasSplits() {
    return request != null && !request.texts("split_apks").isEmpty();
  }

  private static int uid() {
    return (int) request.number("uid");
  }

  /** The debugger has been there; opens the gate for good. */
  static void openGate() {
    GATE.countDown();
  }

  static void bind(Request bind) throws InterruptedException {
    Path apk = file(bind, "apk");
    Path jar = file(bind, "app_jar");
    Path data = Paths.get(bind.text("data_dir"));
    String qualifiers = Device.qualifiers(bind);
    try {
      Link.addUrl.accept(apk.toUri().toURL());
      Link.addUrl.accept(jar.toUri().toURL());
      for (String part : bind.texts("split_apks")) {
        Link.addUrl.accept(Paths.get(part).toUri().toURL());
      }
      for (String part : bind.texts("split_jars")) {
        Link.addUrl.accept(Paths.get(part).toUri().toURL());
      }
    } catch (MalformedURLException bad) {
      throw new Refusal("bad_argument", bad.getMessage());
    }
    request = bind;
    LogSink.bound();
    if (bind.flag("wait_for_debugger")) {
      Link.channel.event("event", "waiting", "package", packageName());
      GATE.await();
    }
    TestEnvironment environment = (TestEnvironment) Link.environment;
    environment.setUpApplicationState("app", new Settings(qualifiers), new HostManifest(apk));
    RuntimeEnvironment.setTempDirectory(new DataDirectory(packageName(), data));
    Runtime14.prepare();
    Device.describe(bind.map("properties"));
    ShadowProcess.setPid(LogSink.pid());
    ShadowProcess.setUid(uid());
    grant(bind.texts("permissions"), true);
    RuntimeEnvironment.getApplication();
    Windows.watch();
  }

  private static Path file(Request bind, String name) {
    Path path = Paths.get(bind.text(name));
    if (!Files.isRegularFile(path)) {
      throw new Refusal("bad_argument", "bind: no file at " + name + " " + path);
    }
    return path;
  }

  static void grant(Iterable<String> permissions, boolean granted) {
    Instrumentation instrumentation = InstrumentationRegistry.getInstrumentation();
    ShadowInstrumentation shadow = Shadow.extract(instrumentation);
    for (String permission : permissions) {
      if (granted) {
        call(shadow, "grantPermissions", permission);
      } else {
        call(shadow, "denyPermissions", permission);
      }
    }
  }

  private static void call(ShadowInstrumentation shadow, String method, String permission) {
    ReflectionHelpers.callInstanceMethod(
        ShadowInstrumentation.class,
        shadow,
        method,
        ClassParameter.from(int.class, LogSink.pid()),
        ClassParameter.from(int.class, uid()),
        ClassParameter.from(String[].class, new String[] {permission}));
  }

  /** The system's side of the app, then its providers, as Android does before onCreate. */
  static void beforeOnCreate(Application application) {
    if (request == null) {
      return;
    }
    PackageManager packages = application.getPackageManager();
    ShadowPackageManager shadow = Shadow.extract(packages);
    String installer = request.text("installer");
    shadow.setInstallSourceInfo(packageName(), installer, installer);
    packages.setInstallerPackageName(packageName(), installer);
    PackageInfo info = shadow.getInternalMutablePackageInfo(packageName());
    flagPermissions(info);
    settings(application.getContentResolver());
    NetworkState.connect(application);
    NetworkState.applySecurityConfig(application);
    ShadowAccessibilityManager accessibility =
        Shadow.extract(application.getSystemService(AccessibilityManager.class));
    accessibility.setEnabled(true);
    if (info.providers != null) {
      ProviderInfo[] providers = info.providers.clone();
      Arrays.sort(providers, (a, b) -> Integer.compare(b.initOrder, a.initOrder));
      for (ProviderInfo provider : providers) {
        if (provider.enabled && packageName().equals(provider.processName)) {
          install(application, provider);
        }
      }
    }
  }

  private static void flagPermissions(PackageInfo info) {
    if (info.requestedPermissions == null) {
      return;
    }
    info.requestedPermissionsFlags = new int[info.requestedPermissions.length];
    for (int i = 0; i < info.requestedPermissions.length; i++) {
      if (request.texts("permissions").contains(info.requestedPermissions[i])) {
        info.requestedPermissionsFlags[i] = PackageInfo.REQUESTED_PERMISSION_GRANTED;
      }
    }
  }

  private static void settings(ContentResolver resolver) {
    Secure.putString(resolver, Secure.ANDROID_ID, request.text("android_id"));
    Global.putFloat(resolver, Global.ANIMATOR_DURATION_SCALE, 1f);
    for (Map.Entry<String, Object> setting : request.map("settings").entrySet()) {
      Global.putString(resolver, setting.getKey(), String.valueOf(setting.getValue()));
    }
  }

  private static void install(Application application, ProviderInfo info) {
    ContentProvider provider;
    try {
      Class<?> providerClass = application.getClassLoader().loadClass(info.name);
      provider = (ContentProvider) providerClass.getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException failure) {
      throw new RuntimeException(
          "Unable to get provider " + info.name + ": " + failure, failure);
    }
    provider.attachInfo(application, info);
    for (String authority : info.authority.split(";")) {
      ShadowContentResolver.registerProviderInternal(authority, provider);
    }
  }
}
