package org.leakharness.host.net;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocketImpl;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A datagram socket that exists, and from which nothing leaves. */
final class RefusedDatagrams extends DatagramSocketImpl {
  private final Map<Integer, Object> options = new ConcurrentHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  @Override
  protected void create() {}

  @Override
  protected void bind(int port, InetAddress address) {
    localPort = port;
    if (address != null) {
      options.put(SO_BINDADDR, address);
    }
  }

  @Override
  protected void send(DatagramPacket packet) throws IOException {
    throw Containment.refuse("datagram", packet.getSocketAddress().toString());
  }

  @Override
  protected void connect(InetAddress address, int port) throws SocketException {
    throw Containment.refuse("datagram", address + ":" + port);
  }

  @Override
  protected int peek(InetAddress address) throws IOException {
    throw nothingArrives();
  }

  @Override
  protected int peekData(DatagramPacket packet) throws IOException {
    throw nothingArrives();
  }

  @Override
  protected void receive(DatagramPacket packet) throws IOException {
    throw nothingArrives();
  }

  /** Waits as long as a socket to which nobody writes, so that loops around it stay quiet. */
  private IOException nothingArrives() throws IOException {
    int timeoutMs = (Integer) getOption(SO_TIMEOUT);
    try {
      if (timeoutMs == 0) {
        closed.await();
      } else if (!closed.await(timeoutMs, TimeUnit.MILLISECONDS)) {
        return new SocketTimeoutException("Receive timed out");
      }
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
    }
    return new SocketException("Socket closed");
  }

  @Override
  @Deprecated
  protected void setTTL(byte ttl) {}

  @Override
  @Deprecated
  protected byte getTTL() {
    return 1;
  }

  @Override
  protected void setTimeToLive(int ttl) {}

  @Override
  protected int getTimeToLive() {
    return 1;
  }

  @Override
  protected void join(InetAddress group) {}

  @Override
  protected void leave(InetAddress group) {}

  @Override
  protected void joinGroup(SocketAddress group, NetworkInterface network) {}

  @Override
  protected void leaveGroup(SocketAddress group, NetworkInterface network) {}

  @Override
  protected void close() {
    closed.countDown();
  }

  @Override
  public void setOption(int option, Object value) {
    options.put(option, value);
  }

  @Override
  public Object getOption(int option) {
    Object value = options.get(option);
    return value != null ? value : option == SO_TIMEOUT ? (Object) 0 : null;
  }
}
