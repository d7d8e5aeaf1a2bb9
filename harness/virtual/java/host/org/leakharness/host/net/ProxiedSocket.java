package org.leakharness.host.net;

import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.net.SocketOptions;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A stream socket whose only way is the SOCKS proxy: the JDK's own client of it, which is asked by
 * name also where the app has resolved the name before.
 *
 * <p>All methods are the inner socket's; they are protected there, hence called by reflection.
 */
final class ProxiedSocket extends SocketImpl {
  private static final Map<String, Method> METHODS = new ConcurrentHashMap<>();
  private static final Method PLATFORM = method("createPlatformSocketImpl", boolean.class);
  private static final Constructor<?> SOCKS = socks();

  private final SocketImpl inner;
  private InetSocketAddress peer;

  ProxiedSocket() {
    try {
      inner = (SocketImpl) SOCKS.newInstance(PLATFORM.invoke(null, false));
    } catch (ReflectiveOperationException changed) {
      throw new LinkageError("java.net is not as in JDK 17", changed);
    }
  }

  private static Constructor<?> socks() {
    try {
      Constructor<?> socks =
          Class.forName("java.net.SocksSocketImpl").getDeclaredConstructor(SocketImpl.class);
      socks.setAccessible(true);
      return socks;
    } catch (ReflectiveOperationException changed) {
      throw new LinkageError("java.net is not as in JDK 17", changed);
    }
  }

  private static Method method(String name, Class<?>... parameters) {
    return METHODS.computeIfAbsent(
        name + java.util.Arrays.toString(parameters),
        key -> {
          try {
            Method method = SocketImpl.class.getDeclaredMethod(name, parameters);
            method.setAccessible(true);
            return method;
          } catch (NoSuchMethodException changed) {
            throw new LinkageError("java.net is not as in JDK 17", changed);
          }
        });
  }

  private Object call(Method method, Object... arguments) throws IOException {
    try {
      return method.invoke(inner, arguments);
    } catch (InvocationTargetException failure) {
      Throwable cause = failure.getCause();
      if (cause instanceof IOException) {
        throw (IOException) cause;
      }
      if (cause instanceof RuntimeException) {
        throw (RuntimeException) cause;
      }
      throw failure.getCause() instanceof Error
          ? (Error) cause
          : new LinkageError("java.net is not as in JDK 17", cause);
    } catch (IllegalAccessException changed) {
      throw new LinkageError("java.net is not as in JDK 17", changed);
    }
  }

  /** For what throws nothing by its signature. */
  private Object quiet(Method method, Object... arguments) {
    try {
      return call(method, arguments);
    } catch (IOException impossible) {
      throw new java.io.UncheckedIOException(impossible);
    }
  }

  @Override
  protected void connect(SocketAddress address, int timeoutMs) throws IOException {
    SocketAddress asked = address;
    if (address instanceof InetSocketAddress) {
      peer = (InetSocketAddress) address;
      String name = Names.behind(peer.getAddress());
      if (name != null) {
        asked = InetSocketAddress.createUnresolved(name, peer.getPort());
      }
    }
    call(method("connect", SocketAddress.class, int.class), asked, timeoutMs);
  }

  @Override
  protected void connect(String host, int port) throws IOException {
    connect(InetSocketAddress.createUnresolved(host, port), 0);
  }

  @Override
  protected void connect(InetAddress address, int port) throws IOException {
    connect(new InetSocketAddress(address, port), 0);
  }

  @Override
  protected InetAddress getInetAddress() {
    InetAddress own = peer == null ? null : peer.getAddress();
    return own != null ? own : (InetAddress) quiet(method("getInetAddress"));
  }

  @Override
  protected int getPort() {
    return peer != null ? peer.getPort() : (Integer) quiet(method("getPort"));
  }

  @Override
  protected int getLocalPort() {
    return (Integer) quiet(method("getLocalPort"));
  }

  @Override
  protected FileDescriptor getFileDescriptor() {
    return (FileDescriptor) quiet(method("getFileDescriptor"));
  }

  @Override
  protected void create(boolean stream) throws IOException {
    call(method("create", boolean.class), stream);
  }

  @Override
  protected void bind(InetAddress host, int port) throws IOException {
    call(method("bind", InetAddress.class, int.class), host, port);
  }

  @Override
  protected void listen(int backlog) throws IOException {
    call(method("listen", int.class), backlog);
  }

  @Override
  protected void accept(SocketImpl socket) throws IOException {
    call(method("accept", SocketImpl.class), socket);
  }

  @Override
  protected InputStream getInputStream() throws IOException {
    return (InputStream) call(method("getInputStream"));
  }

  @Override
  protected OutputStream getOutputStream() throws IOException {
    return (OutputStream) call(method("getOutputStream"));
  }

  @Override
  protected int available() throws IOException {
    return (Integer) call(method("available"));
  }

  @Override
  protected void close() throws IOException {
    call(method("close"));
  }

  @Override
  protected void shutdownInput() throws IOException {
    call(method("shutdownInput"));
  }

  @Override
  protected void shutdownOutput() throws IOException {
    call(method("shutdownOutput"));
  }

  @Override
  protected boolean supportsUrgentData() {
    return (Boolean) quiet(method("supportsUrgentData"));
  }

  @Override
  protected void sendUrgentData(int data) throws IOException {
    call(method("sendUrgentData", int.class), data);
  }

  @Override
  protected <T> void setOption(SocketOption<T> name, T value) throws IOException {
    call(method("setOption", SocketOption.class, Object.class), name, value);
  }

  @Override
  @SuppressWarnings("unchecked")
  protected <T> T getOption(SocketOption<T> name) throws IOException {
    return (T) call(method("getOption", SocketOption.class), name);
  }

  @Override
  @SuppressWarnings("unchecked")
  protected Set<SocketOption<?>> supportedOptions() {
    return (Set<SocketOption<?>>) quiet(method("supportedOptions"));
  }

  @Override
  public void setOption(int option, Object value) throws SocketException {
    ((SocketOptions) inner).setOption(option, value);
  }

  @Override
  public Object getOption(int option) throws SocketException {
    return ((SocketOptions) inner).getOption(option);
  }
}
