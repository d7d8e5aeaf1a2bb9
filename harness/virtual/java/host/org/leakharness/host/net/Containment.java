package org.leakharness.host.net;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.DatagramSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketImpl;
import org.leakharness.host.link.Link;

/**
 * From here on the only way out of this process is the SOCKS proxy.
 *
 * <p>Every stream socket goes through it, also one that was made with `Proxy.NO_PROXY`. What cannot
 * be led there, NIO channels and datagrams, is refused with the error of a phone without network,
 * and the attempt is reported. Names are not resolved here (see `jdk.net.hosts.file`).
 */
public final class Containment {
  private Containment() {}

  /** The system properties that decide must have been set already. Once per JVM. */
  public static void install() throws IOException {
    Socket.setSocketImplFactory(Containment::proxiedSocket);
    DatagramSocket.setDatagramSocketImplFactory(RefusedDatagrams::new);
  }

  /** What `new Socket()` has inside by itself; JDK 17 has no other name for it. */
  private static SocketImpl proxiedSocket() {
    try {
      Method platform =
          SocketImpl.class.getDeclaredMethod("createPlatformSocketImpl", boolean.class);
      platform.setAccessible(true);
      Constructor<?> socks =
          Class.forName("java.net.SocksSocketImpl").getDeclaredConstructor(SocketImpl.class);
      socks.setAccessible(true);
      return (SocketImpl) socks.newInstance(platform.invoke(null, false));
    } catch (ReflectiveOperationException changed) {
      throw new LinkageError("java.net is not as in JDK 17", changed);
    }
  }

  /** Reports an attempt and gives the error for it. */
  static SocketException refuse(String kind, String target) {
    StringBuilder trace = new StringBuilder();
    for (StackTraceElement frame : new Throwable().getStackTrace()) {
      trace.append("\tat ").append(frame).append('\n');
    }
    Link.channel.event(
        "event", "attempt", "kind", kind, "target", target, "trace", trace.toString());
    return new SocketException("Network is unreachable");
  }
}
