package org.leakharness.host.net;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Socket;
import java.net.SocketException;
import org.leakharness.host.link.Link;

/**
 * From here on the only way out of this process is the SOCKS proxy.
 *
 * <p>Every stream socket goes through it, also one that was made with `Proxy.NO_PROXY`. What cannot
 * be led there, NIO channels and datagrams, is refused with the error of a phone without network,
 * and the attempt is reported. Names are {@link Names}'s business.
 */
public final class Containment {
  private Containment() {}

  /** The system properties that decide must have been set already. Once per JVM. */
  public static void install() throws IOException {
    try {
      Names.install();
    } catch (ReflectiveOperationException changed) {
      throw new LinkageError("java.net is not as in JDK 17", changed);
    }
    Socket.setSocketImplFactory(ProxiedSocket::new);
    DatagramSocket.setDatagramSocketImplFactory(RefusedDatagrams::new);
  }

  /** Reports an attempt and gives the error for it. */
  static SocketException refuse(String kind, String target) {
    report(kind, target);
    return new SocketException("Network is unreachable");
  }

  /** Tells what was tried, and by whom. */
  static void report(String kind, String target) {
    StringBuilder trace = new StringBuilder();
    for (StackTraceElement frame : new Throwable().getStackTrace()) {
      trace.append("\tat ").append(frame).append('\n');
    }
    Link.channel.event(
        "event", "attempt", "kind", kind, "target", target, "trace", trace.toString());
  }
}
