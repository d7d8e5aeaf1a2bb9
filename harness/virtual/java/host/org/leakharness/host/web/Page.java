package org.leakharness.host.web;

import android.content.Context;
import android.os.Handler;
import android.os.Looper;
import android.os.SystemClock;
import android.webkit.DownloadListener;
import android.webkit.WebChromeClient;
import android.webkit.WebView;
import android.webkit.WebViewClient;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.leakharness.host.link.Json;

/**
 * One web view's page in the browser: its target, its session, and who listens to it.
 *
 * <p>Commands that come before the browser is there wait in order. Everything the app is told runs
 * as a message on the main thread; nothing here ever waits on that thread.
 */
final class Page {
  /** A command that waits for the session. */
  private static final class Waiting {
    final CompletableFuture<Map<String, Object>> answer = new CompletableFuture<>();
    final String method;
    final Object[] params;

    Waiting(String method, Object[] params) {
      this.method = method;
      this.params = params;
    }
  }

  final WebView view;
  final WebView.PrivateAccess access;
  final Context context;
  final PageSettings settings;
  final Scripts scripts;
  final Navigation navigation;
  final Requests requests;
  final Picture picture;
  final Field field;
  final Dialogs dialogs;
  final JavaBridge bridge;
  final Nodes nodes;

  volatile WebViewClient client;
  volatile WebChromeClient chrome;
  volatile DownloadListener downloads;
  volatile String missing = "";

  private static final long GESTURE_MS = 1000;
  private static final long POLL_NANOS = 2_000_000L;

  private volatile long touchedMs = -GESTURE_MS;
  private volatile CompletableFuture<Map<String, Object>> lastTouch =
      CompletableFuture.completedFuture(null);
  private final Handler main = new Handler(Looper.getMainLooper());
  private final Map<String, Consumer<Map<String, Object>>> handlers = new HashMap<>();
  private final Queue<Waiting> waiting = new ArrayDeque<>();
  private Browser browser;
  private Cdp cdp;
  private String target = "";
  private String session = "";
  private volatile boolean destroyed;
  private volatile int scrolledX;
  private volatile int scrolledY;

  Page(WebView view, WebView.PrivateAccess access) {
    this.view = view;
    this.access = access;
    this.context = view.getContext();
    this.settings = new PageSettings(this);
    this.scripts = new Scripts(this);
    this.navigation = new Navigation(this);
    this.requests = new Requests(this);
    this.picture = new Picture(this);
    this.field = new Field(this);
    this.bridge = new JavaBridge(this);
    this.dialogs = new Dialogs(this);
    this.nodes = new Nodes(this);
    new Happenings(this);
  }

  /** Registers who hears of an event; all of this happens before {@link #open}. */
  void on(String method, Consumer<Map<String, Object>> handler) {
    Consumer<Map<String, Object>> before = handlers.get(method);
    handlers.put(method, before == null ? handler : before.andThen(handler));
  }

  void open() {
    browser = Browser.get();
    browser.add(this);
    browser.connection.whenComplete(
        (connected, absent) -> {
          if (absent != null) {
            missing = absent.getMessage();
            failWaiting(absent);
            view.postInvalidate();
          } else {
            attach(connected);
          }
        });
  }

  private void attach(Cdp connected) {
    browser
        .newTarget(connected)
        .thenCompose(
            found -> {
              target = found;
              return connected.send(
                  Cdp.BROWSER, "Target.attachToTarget", "targetId", found, "flatten", true);
            })
        .whenComplete(
            (answer, refused) -> {
              if (refused != null) {
                failWaiting(refused);
                return;
              }
              String id = Told.text(answer, "sessionId");
              connected.listen(id, this::event);
              begin(connected, id);
            });
  }

  private void begin(Cdp connected, String id) {
    synchronized (waiting) {
      cdp = connected;
      session = id;
      for (Object[] command : opening()) {
        Object[] params = new Object[command.length - 1];
        System.arraycopy(command, 1, params, 0, params.length);
        cdp.send(session, (String) command[0], params);
      }
      field.bind();
      settings.applyAll();
      scripts.applyAll();
      Waiting next;
      while ((next = waiting.poll()) != null) {
        relay(next);
      }
    }
    if (destroyed) {
      close();
    }
    post(() -> ViewList.tell(this));
  }

  private void relay(Waiting one) {
    cdp.send(session, one.method, one.params)
        .whenComplete(
            (answer, refused) -> {
              if (refused != null) {
                one.answer.completeExceptionally(refused);
              } else {
                one.answer.complete(answer);
              }
            });
  }

  private static Object[][] opening() {
    return new Object[][] {
      {"Page.enable"},
      {"Runtime.enable"},
      {"Network.enable", "maxTotalBufferSize", 0, "maxResourceBufferSize", 0},
      {"Inspector.enable"},
      {"Security.enable"},
      {"Security.setOverrideCertificateErrors", "override", true},
      {"Emulation.setTouchEmulationEnabled", "enabled", true, "maxTouchPoints", 5},
      {"Page.setInterceptFileChooserDialog", "enabled", true},
      {
        "Fetch.enable",
        "patterns", java.util.Collections.singletonList(
            Json.object("urlPattern", "*", "requestStage", "Request")),
        "handleAuthRequests", true
      },
    };
  }

  /** Sends a command of this page's session, now or when there is one. */
  CompletableFuture<Map<String, Object>> send(String method, Object... params) {
    synchronized (waiting) {
      if (cdp != null) {
        return cdp.send(session, method, params);
      }
      Waiting one = new Waiting(method, params);
      if (destroyed || !missing.isEmpty()) {
        one.answer.completeExceptionally(new java.io.IOException("no page"));
      } else {
        waiting.add(one);
      }
      return one.answer;
    }
  }

  private void failWaiting(Throwable why) {
    synchronized (waiting) {
      Waiting next;
      while ((next = waiting.poll()) != null) {
        next.answer.completeExceptionally(why);
      }
    }
  }

  private void event(String method, Map<String, Object> params) {
    Consumer<Map<String, Object>> handler = handlers.get(method);
    if (handler != null) {
      handler.accept(params);
    }
  }

  /** Events of the browser that name a target; handlers get those of this page's. */
  void browserEvent(String method, Map<String, Object> params) {
    String named = Told.text(params, "targetInfo", "targetId");
    named = named.isEmpty() ? Told.text(params, "targetId") : named;
    named = named.isEmpty() ? Told.text(params, "frameId") : named;
    if (!target.isEmpty() && named.equals(target)) {
      event(method, params);
    }
  }

  /** The target is gone; the view gets a new, empty one. */
  void reopen() {
    Cdp connected;
    synchronized (waiting) {
      connected = cdp;
      if (connected == null || destroyed) {
        return;
      }
      connected.forget(session);
      cdp = null;
      target = "";
    }
    nodes.forget();
    picture.forget();
    attach(connected);
  }

  /** The page has scrolled by itself; Android's views tell of it. In CSS pixels. */
  void scrolled(double x, double y) {
    float density = context.getResources().getDisplayMetrics().density;
    scrolledX = (int) Math.round(x * density);
    scrolledY = (int) Math.round(y * density);
    post(() -> access.super_scrollTo(scrolledX, scrolledY));
  }

  /** The app has scrolled the view; what the page itself has told comes back here, too. */
  void scrollTo(int x, int y) {
    if (x != scrolledX || y != scrolledY) {
      float density = context.getResources().getDisplayMetrics().density;
      scrolledX = x;
      scrolledY = y;
      send("Runtime.evaluate", "expression", "scrollTo(" + x / density + "," + y / density + ")");
    }
  }

  /** The browser has ended; the view keeps its last picture. */
  void lost() {
    synchronized (waiting) {
      cdp = null;
      target = "";
    }
    if (!destroyed) {
      missing = "the browser of this app has ended";
      view.postInvalidate();
    }
  }

  /** The id of the page's target, which is also that of its main frame; empty before it is open. */
  String target() {
    return target;
  }

  boolean isMainFrame(String frame) {
    return frame.equals(target);
  }

  void touched(CompletableFuture<Map<String, Object>> done) {
    touchedMs = SystemClock.uptimeMillis();
    lastTouch = done;
  }

  /** Whether what the page does now may come from the user. */
  boolean touchedLately() {
    return SystemClock.uptimeMillis() - touchedMs < GESTURE_MS;
  }

  /** Waits until the page has handled what was last done to it, unless it waits for an answer. */
  void settle(long timeoutMs) {
    long deadline = SystemClock.uptimeMillis() + timeoutMs;
    while (!lastTouch.isDone() && !dialogs.isOpen() && SystemClock.uptimeMillis() < deadline) {
      java.util.concurrent.locks.LockSupport.parkNanos(POLL_NANOS);
    }
  }

  boolean isDestroyed() {
    return destroyed;
  }

  /** Tells the app something; not any more once it has destroyed the view. */
  void post(Runnable work) {
    main.post(
        () -> {
          if (!destroyed) {
            work.run();
          }
        });
  }

  WebViewClient clientOrDefault() {
    WebViewClient own = client;
    return own != null ? own : new WebViewClient();
  }

  void destroy() {
    destroyed = true;
    close();
  }

  private void close() {
    synchronized (waiting) {
      if (cdp != null) {
        cdp.forget(session);
        cdp.send(Cdp.BROWSER, "Target.closeTarget", "targetId", target);
        cdp = null;
      }
    }
    failWaiting(new java.io.IOException("the web view was destroyed"));
    browser.remove(this);
  }
}
