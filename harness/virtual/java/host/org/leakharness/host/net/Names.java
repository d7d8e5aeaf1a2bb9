package org.leakharness.host.net;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Names without a name server: each gets an address of its own, from a range that belongs to nobody
 * (198.18.0.0/15, RFC 2544), and sockets are led to the proxy by the name behind the address.
 *
 * <p>So an app that resolves by itself, as OkHttp does without a proxy, comes as far as on a phone.
 * Each look-up is reported: on a phone it would have gone to a name server.
 */
final class Names {
  private static final int BASE = (198 << 24) | (18 << 16);
  private static final int MASK = 0xfffe0000;
  private static final int MAX_NAME = 253;
  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  private static final String OWN_NAME = ownName();
  private static final Map<String, InetAddress> ADDRESSES = new ConcurrentHashMap<>();
  private static final Map<InetAddress, String> NAMES = new ConcurrentHashMap<>();

  private Names() {}

  /** From here on no look-up of this JVM asks anybody. */
  static void install() throws ReflectiveOperationException {
    Class<?> service = Class.forName("java.net.InetAddress$NameService");
    Object ours =
        Proxy.newProxyInstance(
            null,
            new Class<?>[] {service},
            (proxy, method, arguments) -> {
              switch (method.getName()) {
                case "lookupAllHostAddr":
                  return new InetAddress[] {address((String) arguments[0])};
                case "getHostByAddr":
                  return name((byte[]) arguments[0]);
                case "hashCode":
                  return System.identityHashCode(proxy);
                case "equals":
                  return proxy == arguments[0];
                default:
                  return "names";
              }
            });
    Field field = InetAddress.class.getDeclaredField("nameService");
    field.setAccessible(true);
    field.set(null, ours);
  }

  /** The name for which this address was given out, or null. */
  static String behind(InetAddress address) {
    return address == null ? null : NAMES.get(address);
  }

  private static InetAddress address(String host) throws UnknownHostException {
    String name = host.toLowerCase(Locale.ROOT);
    if (name.equals("localhost") || name.equals(OWN_NAME)) {
      return InetAddress.getByAddress("localhost", LOOPBACK);
    }
    boolean wrong = !name.contains(".") || name.contains("..") || name.length() > MAX_NAME;
    if (wrong || name.endsWith(".invalid")) {
      throw unknown(host);
    }
    Containment.report("lookup", host);
    InetAddress known = ADDRESSES.get(name);
    return known != null ? known : give(name);
  }

  private static synchronized InetAddress give(String name) throws UnknownHostException {
    InetAddress known = ADDRESSES.get(name);
    if (known != null) {
      return known;
    }
    int number = BASE + 1 + ADDRESSES.size() % ~MASK;
    byte[] bytes = {
      (byte) (number >> 24), (byte) (number >> 16), (byte) (number >> 8), (byte) number
    };
    InetAddress given = InetAddress.getByAddress(name, bytes);
    ADDRESSES.put(name, given);
    NAMES.put(given, name);
    return given;
  }

  private static String name(byte[] address) throws UnknownHostException {
    if (Arrays.equals(address, LOOPBACK)) {
      return "localhost";
    }
    InetAddress plain = InetAddress.getByAddress(address);
    String name = behind(plain);
    if (name == null) {
      throw new UnknownHostException(plain.getHostAddress());
    }
    return name;
  }

  /** Android's is always `localhost`; what this machine is called is nothing that apps may see. */
  private static String ownName() {
    try {
      byte[] name = Files.readAllBytes(Paths.get("/proc/sys/kernel/hostname"));
      return new String(name, StandardCharsets.UTF_8).trim().toLowerCase(Locale.ROOT);
    } catch (IOException absent) {
      return "localhost";
    }
  }

  /** In Android's words (libcore `Inet6AddressImpl`). */
  private static UnknownHostException unknown(String host) {
    return new UnknownHostException(
        "Unable to resolve host \"" + host + "\": No address associated with hostname");
  }
}
