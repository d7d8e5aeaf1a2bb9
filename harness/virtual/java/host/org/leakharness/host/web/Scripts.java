package org.leakharness.host.web;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Scripts that run in each new document before those of the page, by name. */
final class Scripts {
  /** Of scripts that the page must not see. */
  static final String OWN_WORLD = "leak-harness";

  private final Page page;
  private final Map<String, CompletableFuture<Map<String, Object>>> added = new LinkedHashMap<>();
  private final Map<String, String[]> sources = new LinkedHashMap<>();
  private boolean open;

  Scripts(Page page) {
    this.page = page;
  }

  /** Sets or, with null, removes a script; `world` empty: the page's own. */
  synchronized void set(String name, String world, String source) {
    sources.remove(name);
    if (source != null) {
      sources.put(name, new String[] {world, source});
    }
    if (open) {
      apply(name);
    }
  }

  synchronized void applyAll() {
    open = true;
    for (String name : sources.keySet()) {
      apply(name);
    }
  }

  private void apply(String name) {
    CompletableFuture<Map<String, Object>> before = added.remove(name);
    if (before != null) {
      before.thenAccept(
          answer ->
              page.send(
                  "Page.removeScriptToEvaluateOnNewDocument",
                  "identifier", Told.text(answer, "identifier")));
    }
    String[] script = sources.get(name);
    if (script == null) {
      return;
    }
    added.put(
        name,
        script[0].isEmpty()
            ? page.send("Page.addScriptToEvaluateOnNewDocument", "source", script[1])
            : page.send(
                "Page.addScriptToEvaluateOnNewDocument",
                "source", script[1],
                "worldName", script[0],
                "runImmediately", true));
  }
}
