package org.leakharness.host.web;

import android.content.pm.ApplicationInfo;
import android.util.Log;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.leakharness.host.link.Door;
import org.leakharness.host.link.Json;
import org.robolectric.RuntimeEnvironment;

/**
 * The one browser of this process, started by the first web view or whoever asks for cookies.
 *
 * <p>Starting happens on a thread of its own; what is to be done with the browser waits for {@link
 * #connection}. Where there is no browser that future fails, with the remedy as its message.
 */
final class Browser {
  private static final String LOG_TAG = "WebViewFactory";
  private static Browser running;
  private static Map<String, Object> described;
  private static boolean debugging;
  private static boolean debuggingSet;

  final CompletableFuture<Cdp> connection = new CompletableFuture<>();
  private final List<Page> pages = new CopyOnWriteArrayList<>();
  private String firstTarget;

  private Browser() {
    Thread starter = new Thread(this::start, "web-start");
    starter.setDaemon(true);
    starter.start();
  }

  static synchronized Browser get() {
    if (running == null) {
      running = new Browser();
    }
    return running;
  }

  /** The running one, or null. */
  static synchronized Browser existing() {
    return running;
  }

  private static synchronized void ended(Browser browser) {
    if (running == browser) {
      running = null;
    }
  }

  /** Version and user agent, known without a running browser. */
  static synchronized String described(String name) {
    if (described == null) {
      try {
        described = Door.askOnce("command", "describe");
      } catch (IOException absent) {
        Log.w(LOG_TAG, "no way to the device's browsers: " + absent);
        return "";
      }
    }
    return Told.text(described, name);
  }

  /** `setWebContentsDebuggingEnabled`; before, debuggable apps have it on. */
  static void setDebugging(boolean enabled) {
    synchronized (Browser.class) {
      debugging = enabled;
      debuggingSet = true;
    }
    tell("command", "debugging", "enabled", enabled);
  }

  private static synchronized boolean isDebugging() {
    ApplicationInfo info = RuntimeEnvironment.getApplication().getApplicationInfo();
    return debuggingSet ? debugging : (info.flags & ApplicationInfo.FLAG_DEBUGGABLE) != 0;
  }

  static void tell(Object... command) {
    try {
      Door.askOnce(command);
    } catch (IOException gone) {
      Log.w(LOG_TAG, "no way to the device's browsers: " + gone);
    }
  }

  private void start() {
    try {
      Door door = Door.open();
      Map<String, Object> answer = door.ask("command", "start");
      if (!Told.flag(answer, "ok")) {
        door.close();
        throw new IOException(
            Told.text(answer, "what") + "\n\n" + Told.text(answer, "action"));
      }
      Cdp cdp = new Cdp(door, this::lost);
      cdp.listen(Cdp.BROWSER, this::event);
      cdp.send(Cdp.BROWSER, "Target.setDiscoverTargets", "discover", true);
      cdp.send(
          Cdp.BROWSER,
          "Browser.setDownloadBehavior",
          "behavior", "deny",
          "eventsEnabled", true);
      Map<String, Object> found = await(cdp.send(Cdp.BROWSER, "Target.getTargets"), 30_000);
      for (Object target : Told.list(found, "targetInfos")) {
        if (Told.text(Json.asMap(target), "type").equals("page")) {
          firstTarget = Told.text(Json.asMap(target), "targetId");
        }
      }
      tell("command", "debugging", "enabled", isDebugging());
      connection.complete(cdp);
    } catch (IOException absent) {
      Log.e(LOG_TAG, "no browser: " + absent.getMessage());
      ended(this);
      connection.completeExceptionally(absent);
    }
  }

  /** A target for a new web view; the one that the browser has started with is the first. */
  synchronized CompletableFuture<String> newTarget(Cdp cdp) {
    if (firstTarget != null) {
      CompletableFuture<String> first = CompletableFuture.completedFuture(firstTarget);
      firstTarget = null;
      return first;
    }
    return cdp.send(Cdp.BROWSER, "Target.createTarget", "url", "about:blank")
        .thenApply(answer -> Told.text(answer, "targetId"));
  }

  void add(Page page) {
    pages.add(page);
  }

  void remove(Page page) {
    pages.remove(page);
  }

  List<Page> pages() {
    return new ArrayList<>(pages);
  }

  private void event(String method, Map<String, Object> params) {
    if (method.equals("Target.targetCreated")) {
      refuseWindow(params);
    }
    for (Page page : pages) {
      page.browserEvent(method, params);
    }
  }

  /** A window that a page has opened in spite of everything; its view shows it instead. */
  private void refuseWindow(Map<String, Object> params) {
    String opener = Told.text(params, "targetInfo", "openerId");
    Cdp cdp = connection.getNow(null);
    if (!opener.isEmpty() && cdp != null) {
      String made = Told.text(params, "targetInfo", "targetId");
      cdp.send(Cdp.BROWSER, "Target.closeTarget", "targetId", made);
    }
  }

  private void lost() {
    ended(this);
    for (Page page : pages) {
      page.lost();
    }
  }

  /** The answer, waited for; never on the thread that reads events. */
  static <T> T await(CompletableFuture<T> answer, long timeoutMs) throws IOException {
    try {
      return answer.get(timeoutMs, TimeUnit.MILLISECONDS);
    } catch (ExecutionException failure) {
      throw failure.getCause() instanceof IOException
          ? (IOException) failure.getCause()
          : new IOException(failure.getCause());
    } catch (TimeoutException silent) {
      throw new IOException("the browser did not answer within " + timeoutMs + " ms");
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted");
    }
  }
}
