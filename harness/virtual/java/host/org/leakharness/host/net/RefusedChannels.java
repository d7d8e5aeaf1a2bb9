package org.leakharness.host.net;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;

/**
 * NIO without a network: selectors, pipes and servers are the JDK's, other channels are refused.
 *
 * <p>Named by `java.nio.channels.spi.SelectorProvider`, so it is in force from the start.
 */
public final class RefusedChannels extends SelectorProvider {
  private final SelectorProvider own = sun.nio.ch.DefaultSelectorProvider.get();

  @Override
  public DatagramChannel openDatagramChannel() throws IOException {
    throw Containment.refuse("datagram-channel", "");
  }

  @Override
  public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
    throw Containment.refuse("datagram-channel", "");
  }

  @Override
  public SocketChannel openSocketChannel() throws IOException {
    throw Containment.refuse("socket-channel", "");
  }

  @Override
  public Pipe openPipe() throws IOException {
    return own.openPipe();
  }

  @Override
  public AbstractSelector openSelector() throws IOException {
    return own.openSelector();
  }

  @Override
  public ServerSocketChannel openServerSocketChannel() throws IOException {
    return own.openServerSocketChannel();
  }
}
