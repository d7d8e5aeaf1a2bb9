package org.leakharness.host;

import java.io.ByteArrayInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.leakharness.host.link.Channel;
import org.leakharness.host.link.Exit;
import org.leakharness.host.link.Link;
import org.leakharness.host.link.Request;
import org.robolectric.internal.AndroidSandbox;

/**
 * Entry point: opens the control channel, builds the sandbox, gives its main thread to AppMain.
 *
 * <p>Requests come in on file descriptor 0, frames go out on descriptor 3; descriptors 1 and 2 are
 * left to whatever native code prints. The end of the requests ends the process.
 */
public final class Main {
  private static final String OUTPUT = "/proc/self/fd/3";
  private static final String APP_SIDE = "org.leakharness.host.app.AppMain";

  private Main() {}

  public static void main(String[] args) throws Exception {
    InputStream in = System.in;
    OutputStream out = new FileOutputStream(OUTPUT);
    System.setIn(new ByteArrayInputStream(new byte[0]));
    Link.channel = new Channel(in, out);
    Exit.onSignal();
    Thread reader = new Thread(Main::readRequests, "control");
    reader.setDaemon(true);
    reader.start();
    try {
      PackageIds.widen();
      AndroidSandbox sandbox = SandboxFactory.build();
      Link.environment = sandbox.getTestEnvironment();
      Class<?> appSide = sandbox.getRobolectricClassLoader().loadClass(APP_SIDE);
      Runnable main = (Runnable) appSide.getConstructor().newInstance();
      sandbox.runOnMainThread(main);
    } catch (Throwable failure) {
      failure.printStackTrace();
      Exit.now(Exit.BOOT_FAILED);
    }
  }

  private static void readRequests() {
    try {
      Request request;
      while ((request = Link.channel.read()) != null) {
        Link.Server server = Link.server;
        if (server == null) {
          Link.channel.fail(request.id, "internal", "the process is still booting");
        } else {
          server.serve(request);
        }
      }
    } catch (IOException | RuntimeException broken) {
      broken.printStackTrace();
    }
    Exit.now(Exit.CHANNEL_LOST);
  }
}
