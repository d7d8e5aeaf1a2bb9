package org.leakharness.host.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.leakharness.host.link.Door;
import org.leakharness.host.link.Json;

/**
 * A connection with a browser in the Chrome DevTools protocol: JSON messages that end with a zero
 * byte (Chromium `content/browser/devtools/devtools_pipe_handler.cc`).
 *
 * <p>Commands may be sent from any thread and are answered by futures. Events are told to the
 * listener of their session on the reading thread, which a listener must not hold up.
 */
final class Cdp {
  /** Hears of the events of one session. */
  interface Listener {
    void on(String method, Map<String, Object> params);
  }

  /** What the browser has refused; the message is its own. */
  static final class Refused extends IOException {
    Refused(String method, Map<String, Object> error) {
      super(method + ": " + Told.text(error, "message"));
    }
  }

  static final String BROWSER = "";
  private static final int READ_BYTES = 256 * 1024;

  private final Door door;
  private final AtomicLong ids = new AtomicLong();
  private final Map<Long, CompletableFuture<Map<String, Object>>> waiting =
      new ConcurrentHashMap<>();
  private final Map<Long, String> methods = new ConcurrentHashMap<>();
  private final Map<String, Listener> listeners = new ConcurrentHashMap<>();
  private final Runnable whenLost;
  private volatile boolean lost;

  Cdp(Door door, Runnable whenLost) {
    this.door = door;
    this.whenLost = whenLost;
    Thread reader = new Thread(this::read, "web-events");
    reader.setDaemon(true);
    reader.start();
  }

  void listen(String session, Listener listener) {
    listeners.put(session, listener);
  }

  void forget(String session) {
    listeners.remove(session);
  }

  CompletableFuture<Map<String, Object>> send(
      String session, String method, Object... keysAndValues) {
    long id = ids.incrementAndGet();
    CompletableFuture<Map<String, Object>> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    methods.put(id, method);
    Map<String, Object> message =
        Json.object("id", id, "method", method, "params", Json.object(keysAndValues));
    if (!session.equals(BROWSER)) {
      message.put("sessionId", session);
    }
    byte[] text = (Json.write(message) + "\0").getBytes(StandardCharsets.UTF_8);
    try {
      synchronized (door) {
        door.write(ByteBuffer.wrap(text));
      }
    } catch (IOException gone) {
      fail(gone);
    }
    if (lost) {
      fail(new IOException("the browser has ended"));
    }
    return answer;
  }

  private void read() {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
    try {
      while (door.read(buffer) >= 0) {
        buffer.flip();
        int start = 0;
        byte[] bytes = buffer.array();
        for (int i = 0; i < buffer.limit(); i++) {
          if (bytes[i] == 0) {
            message.write(bytes, start, i - start);
            dispatch(new String(message.toByteArray(), StandardCharsets.UTF_8));
            message.reset();
            start = i + 1;
          }
        }
        message.write(bytes, start, buffer.limit() - start);
        buffer.clear();
      }
    } catch (IOException gone) {
      android.util.Log.d("chromium", "connection lost: " + gone);
    }
    fail(new IOException("the browser has ended"));
    whenLost.run();
  }

  private void dispatch(String text) {
    Map<String, Object> message = Json.parseObject(text);
    Object id = message.get("id");
    if (id instanceof Long) {
      CompletableFuture<Map<String, Object>> answer = waiting.remove(id);
      String method = methods.remove(id);
      if (answer != null && message.get("error") != null) {
        answer.completeExceptionally(new Refused(method, Told.map(message, "error")));
      } else if (answer != null) {
        answer.complete(Told.map(message, "result"));
      }
      return;
    }
    Listener listener = listeners.get(Told.text(message, "sessionId"));
    if (listener != null) {
      try {
        listener.on(Told.text(message, "method"), Told.map(message, "params"));
      } catch (RuntimeException ours) {
        // A fault of this side must not end the reading, on which everything depends.
        android.util.Log.e("chromium", Told.text(message, "method"), ours);
      }
    }
  }

  private void fail(IOException gone) {
    lost = true;
    for (Long id : waiting.keySet()) {
      CompletableFuture<Map<String, Object>> answer = waiting.remove(id);
      methods.remove(id);
      if (answer != null) {
        answer.completeExceptionally(gone);
      }
    }
  }
}
