package org.leakharness.host.app;

import android.content.ComponentName;
import android.content.Intent;
import android.os.Handler;
import android.os.Looper;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.net.URLStreamHandler;
import java.nio.file.Path;
import java.nio.file.Paths;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.leakharness.host.link.Link;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.internal.TestEnvironment;
import org.robolectric.shadows.ShadowLog;
import org.robolectric.util.ReflectionHelpers;

/**
 * Goes once through everything an app will do, with a tiny app of our own, so that classes, native
 * libraries and resources are loaded when the real one comes. Leaves no application behind.
 */
final class WarmUp {
  static final String QUALIFIERS =
      "de-rDE-w411dp-h891dp-normal-long-notround-port-notnight-320dpi-finger";

  private WarmUp() {}

  static void run() {
    TestEnvironment environment = (TestEnvironment) Link.environment;
    Path apk = Paths.get(System.getProperty("leakharness.warmup.apk"));
    ShadowLog.stream = null;
    environment.setUpApplicationState("warm", new Settings(QUALIFIERS), new HostManifest(apk));
    Runtime14.prepare();
    RuntimeEnvironment.getApplication();
    useAndroidUrlConnections();
    exercise();
    environment.tearDownApplication();
    ActivityStack.get().forget();
    environment.resetState();
    System.gc();
  }

  private static void exercise() {
    try {
      Looper main = Looper.getMainLooper();
      Handler handler = new Handler(main);
      ActivityStack stack = ActivityStack.get();
      Intent intent = new Intent(Intent.ACTION_MAIN);
      intent.setComponent(
          new ComponentName(RuntimeEnvironment.getApplication(), WarmActivity.class.getName()));
      stack.fromShell(intent);
      WarmActivity activity = (WarmActivity) stack.top();
      Pump.until(handler, activity::isDrawn);
      Windows.settle();
      activity.exercise(handler);
      Dumper.dump(Windows.active(), false);
      Screenshot.png();
      network();
      stack.finishAll();
      stack.settle();
      Pump.once(handler);
    } catch (IOException | ReflectiveOperationException failure) {
      throw new IllegalStateException("warm-up", failure);
    }
  }

  /** From now on every URL connection in this process is Android's own. Once per JVM. */
  private static void useAndroidUrlConnections() {
    URL.setURLStreamHandlerFactory(
        protocol -> {
          switch (protocol) {
            case "http":
              return handler("com.android.okhttp.HttpHandler");
            case "https":
              return handler("com.android.okhttp.HttpsHandler");
            default:
              return null;
          }
        });
  }

  private static URLStreamHandler handler(String name) {
    return (URLStreamHandler)
        ReflectionHelpers.callConstructor(
            ReflectionHelpers.loadClass(WarmUp.class.getClassLoader(), name));
  }

  /** A request that is refused at once (nothing listens on port 1 behind any proxy), and TLS. */
  private static void network() throws ReflectiveOperationException {
    HttpsURLConnection.getDefaultSSLSocketFactory();
    try {
      HttpURLConnection connection =
          (HttpURLConnection) new URL("http://warm-up.invalid:1/").openConnection();
      connection.setConnectTimeout(2000);
      connection.setReadTimeout(2000);
      connection.getResponseCode();
    } catch (IOException expected) {
      // No such host behind the proxy: the classes are loaded, which is all we want.
      Quiet.disturbed();
    }
    try {
      SSLContext tls = SSLContext.getDefault();
      if (!tls.getProvider().getName().equals("Conscrypt")) {
        throw new IllegalStateException(
            "TLS would not be Android's but " + tls.getProvider().getName()
                + "'s: is the trust store readable? "
                + System.getProperty("javax.net.ssl.trustStore"));
      }
      SSLEngine engine = tls.createSSLEngine("warm-up.invalid", 443);
      engine.setUseClientMode(true);
      engine.beginHandshake();
      engine.wrap(
          java.nio.ByteBuffer.allocate(0),
          java.nio.ByteBuffer.allocate(engine.getSession().getPacketBufferSize()));
      engine.closeOutbound();
    } catch (java.security.GeneralSecurityException | IOException failure) {
      throw new IllegalStateException("TLS warm-up", failure);
    }
  }
}
