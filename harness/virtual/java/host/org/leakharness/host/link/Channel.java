package org.leakharness.host.link;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Frames of the control channel: two big-endian 32-bit lengths, a JSON header, a blob.
 *
 * <p>Any thread may write; one thread reads. Writing never throws: when the other side is gone the
 * process is about to end anyway.
 */
public final class Channel {
  private static final int MAX_HEADER_BYTES = 64 * 1024 * 1024;
  private static final int MAX_BLOB_BYTES = 256 * 1024 * 1024;
  private static final byte[] NOTHING = new byte[0];

  private final DataInputStream in;
  private final DataOutputStream out;

  public Channel(InputStream in, OutputStream out) {
    this.in = new DataInputStream(in);
    this.out = new DataOutputStream(out);
  }

  /** The next request, or null when the other side has closed the channel. */
  public Request read() throws IOException {
    try {
      int headerBytes = in.readInt();
      int blobBytes = in.readInt();
      if (headerBytes < 0
          || headerBytes > MAX_HEADER_BYTES
          || blobBytes < 0
          || blobBytes > MAX_BLOB_BYTES) {
        throw new IOException("frame of " + headerBytes + " + " + blobBytes + " bytes");
      }
      byte[] header = new byte[headerBytes];
      in.readFully(header);
      in.readFully(new byte[blobBytes]);
      return new Request(Json.parseObject(new String(header, StandardCharsets.UTF_8)));
    } catch (EOFException end) {
      return null;
    }
  }

  public void answer(long id, Map<String, Object> result, byte[] blob) {
    write(Json.object("id", id, "ok", true, "result", result), blob);
  }

  public void fail(long id, String kind, String message) {
    write(Json.object("id", id, "ok", false, "kind", kind, "message", message), NOTHING);
  }

  /** Something that nobody asked for; `header` must hold the key `event`. */
  public void event(Object... keysAndValues) {
    write(Json.object(keysAndValues), NOTHING);
  }

  private void write(Map<String, Object> header, byte[] blob) {
    byte[] bytes = Json.write(header).getBytes(StandardCharsets.UTF_8);
    synchronized (out) {
      try {
        out.writeInt(bytes.length);
        out.writeInt(blob.length);
        out.write(bytes);
        out.write(blob);
        out.flush();
      } catch (IOException gone) {
        Exit.now(Exit.CHANNEL_LOST);
      }
    }
  }
}
