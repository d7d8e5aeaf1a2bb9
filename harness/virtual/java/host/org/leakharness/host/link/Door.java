package org.leakharness.host.link;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The way to the device's browsers: a Unix socket in this process' own folder.
 *
 * <p>Commands are JSON lines, each answered by one. The connection on which a browser was asked for
 * is the browser's from then on. Reading and writing may happen on two threads at once.
 *
 * <p>Written is past the channel, to its descriptor: a phone's web view talks to its engine below
 * Java, too, and whoever watches what the app sends by channels must not take this for the app's.
 */
public final class Door implements Closeable {
  private static final String NAME = "web";

  private final SocketChannel channel;
  private final FileOutputStream out;

  private Door(SocketChannel channel) {
    this.channel = channel;
    this.out = new FileOutputStream(((sun.nio.ch.SelChImpl) channel).getFD());
  }

  /** The channel is made past the JVM's provider of channels, which refuses all of them. */
  public static Door open() throws IOException {
    SocketChannel channel =
        sun.nio.ch.DefaultSelectorProvider.get().openSocketChannel(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(NAME));
    } catch (IOException absent) {
      channel.close();
      throw absent;
    }
    return new Door(channel);
  }

  /** One command, on a connection of its own. */
  public static Map<String, Object> askOnce(Object... keysAndValues) throws IOException {
    try (Door door = open()) {
      return door.ask(keysAndValues);
    }
  }

  public Map<String, Object> ask(Object... keysAndValues) throws IOException {
    String line = Json.write(Json.object(keysAndValues)) + "\n";
    write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    ByteBuffer one = ByteBuffer.allocate(1);
    while (true) {
      one.clear();
      if (read(one) < 0) {
        throw new EOFException("the device has closed the connection");
      }
      if (one.get(0) == '\n') {
        return Json.parseObject(new String(answer.toByteArray(), StandardCharsets.UTF_8));
      }
      answer.write(one.get(0));
    }
  }

  /** As {@link SocketChannel#read}. */
  public int read(ByteBuffer buffer) throws IOException {
    return channel.read(buffer);
  }

  public void write(ByteBuffer bytes) throws IOException {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    out.write(copy);
  }

  /** Shut down first: a write that waits is not known to the channel, which could not wake it. */
  @Override
  public void close() throws IOException {
    if (channel.isOpen()) {
      channel.shutdownOutput();
    }
    channel.close();
  }
}
