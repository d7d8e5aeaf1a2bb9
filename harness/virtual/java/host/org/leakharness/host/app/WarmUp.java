package org.leakharness.host.app;

import android.content.ComponentName;
import android.content.Intent;
import android.os.Handler;
import android.os.Looper;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.net.URLStreamHandler;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.security.GeneralSecurityException;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.leakharness.host.link.Link;
import org.leakharness.host.net.Containment;
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

  private static final int NETWORK_LIMIT_MS = 5000;
  private static final String ANSWER =
      "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

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
    contain();
    System.gc();
  }

  private static void contain() {
    for (String name : new String[] {"socksProxyHost", "socksProxyPort"}) {
      System.setProperty(name, System.getProperty("leakharness." + name));
    }
    try {
      Containment.install();
    } catch (IOException twice) {
      throw new IllegalStateException(twice);
    }
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
      Pump.until(handler, activity::isLaidOut);
      Windows.settle();
      activity.exercise(handler);
      Dumper.dump(Windows.active(), false);
      Screenshot.png();
      network();
      stack.finishAll();
      stack.settle();
      Pump.once(handler);
    } catch (IOException failure) {
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

  /** One exchange over Android's HTTP stack and the start of a handshake, inside this process. */
  private static void network() throws IOException {
    HttpsURLConnection.getDefaultSSLSocketFactory();
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread peer = new Thread(() -> answerOnce(server), "warm-up");
      peer.start();
      URL url = new URL("http://127.0.0.1:" + server.getLocalPort() + "/");
      HttpURLConnection connection = (HttpURLConnection) url.openConnection();
      connection.setConnectTimeout(NETWORK_LIMIT_MS);
      connection.setReadTimeout(NETWORK_LIMIT_MS);
      if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
        throw new IOException("warm-up: HTTP " + connection.getResponseCode());
      }
      connection.disconnect();
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
          ByteBuffer.allocate(0),
          ByteBuffer.allocate(engine.getSession().getPacketBufferSize()));
      engine.closeOutbound();
    } catch (GeneralSecurityException failure) {
      throw new IllegalStateException("TLS warm-up", failure);
    }
  }

  private static void answerOnce(ServerSocket server) {
    try (Socket client = server.accept()) {
      client.getInputStream().read(new byte[4096]);
      client.getOutputStream().write(ANSWER.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
  }
}
