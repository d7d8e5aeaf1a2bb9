package org.leakharness.host.web;

import android.util.Log;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.leakharness.host.link.Json;

/**
 * The page as accessibility sees it: Chromium's own accessibility tree, joined with where the
 * layout has put each node. Fetched beforehand, off the main thread; read on it.
 */
final class Nodes {
  /** One node; bounds are in pixels of the view. */
  static final class Node {
    final String role;
    final String name;
    final String value;
    final Map<String, Object> properties = new HashMap<>();
    final List<Integer> children = new ArrayList<>();
    int parent = -1;
    String domId = "";
    String inputType = "";
    String placeholder = "";
    boolean clickable;
    double[] box;

    Node(Map<String, Object> told) {
      role = Told.text(told, "role", "value");
      name = Told.text(told, "name", "value");
      Object held = Told.at(told, "value", "value");
      value = held == null ? "" : String.valueOf(held);
      for (Object property : Told.list(told, "properties")) {
        Map<String, Object> fields = Json.asMap(property);
        properties.put(Told.text(fields, "name"), Told.at(fields, "value", "value"));
      }
    }

    boolean is(String property) {
      Object held = properties.get(property);
      return Boolean.TRUE.equals(held) || "true".equals(held);
    }
  }

  private final Page page;
  private boolean enabled;
  private volatile List<Node> nodes = new ArrayList<>();

  Nodes(Page page) {
    this.page = page;
  }

  /** Index is the virtual id; the root is 0. Empty before the first look. */
  List<Node> all() {
    return nodes;
  }

  void forget() {
    nodes = new ArrayList<>();
  }

  /** Looks at the page anew; one that does not answer in time stays as it was. */
  void refresh(long timeoutMs) {
    if (page.target().isEmpty() || page.dialogs.isOpen()) {
      return;
    }
    if (!enabled) {
      enabled = true;
      page.send("Accessibility.enable");
    }
    long deadline = System.nanoTime() / 1_000_000 + timeoutMs;
    try {
      CompletableFuture<Map<String, Object>> layout =
          page.send("DOMSnapshot.captureSnapshot", "computedStyles", new ArrayList<>());
      Map<String, Map<String, Object>> trees = new HashMap<>();
      Map<String, Object> frames = Browser.await(page.send("Page.getFrameTree"), timeoutMs);
      collect(Told.map(frames, "frameTree"), trees, deadline);
      Layout boxes = new Layout(Browser.await(layout, left(deadline)));
      nodes = new Builder(trees, boxes).build(page.target());
    } catch (IOException busy) {
      Log.w("chromium", "the page's nodes could not be read: " + busy.getMessage());
    }
  }

  private static long left(long deadline) {
    return Math.max(1, deadline - System.nanoTime() / 1_000_000);
  }

  private void collect(
      Map<String, Object> frame, Map<String, Map<String, Object>> trees, long deadline)
      throws IOException {
    String id = Told.text(frame, "frame", "id");
    CompletableFuture<Map<String, Object>> tree =
        page.send("Accessibility.getFullAXTree", "frameId", id);
    for (Object child : Told.list(frame, "childFrames")) {
      collect(Json.asMap(child), trees, deadline);
    }
    try {
      trees.put(id, Browser.await(tree, left(deadline)));
    } catch (Cdp.Refused gone) {
      Log.d("chromium", gone.getMessage()); // a frame that has just left
    }
  }

  /** Puts the trees of all frames together, without what is ignored. */
  private static final class Builder {
    private final Map<String, Map<String, Object>> trees;
    private final Layout layout;
    private final List<Node> made = new ArrayList<>();

    Builder(Map<String, Map<String, Object>> trees, Layout layout) {
      this.trees = trees;
      this.layout = layout;
    }

    List<Node> build(String frame) {
      addFrame(frame, -1);
      return made;
    }

    private void addFrame(String frame, int parent) {
      Map<String, Object> tree = trees.remove(frame);
      List<Object> told = Told.list(tree == null ? Json.object() : tree, "nodes");
      Map<String, Map<String, Object>> byId = new HashMap<>();
      for (Object node : told) {
        byId.put(Told.text(Json.asMap(node), "nodeId"), Json.asMap(node));
      }
      if (!told.isEmpty()) {
        add(Json.asMap(told.get(0)), byId, parent);
      }
    }

    private void add(
        Map<String, Object> told, Map<String, Map<String, Object>> byId, int parent) {
      String role = Told.text(told, "role", "value");
      if (role.equals("InlineTextBox") || role.equals("LineBreak")) {
        return;
      }
      int at = parent;
      int backend = Told.whole(told, "backendDOMNodeId");
      boolean blank =
          role.equals("StaticText") && Told.text(told, "name", "value").trim().isEmpty();
      if (!Told.flag(told, "ignored") && !role.equals("none") && !blank) {
        Node node = new Node(told);
        layout.describe(backend, node);
        at = made.size();
        made.add(node);
        node.parent = parent;
        if (parent >= 0) {
          made.get(parent).children.add(at);
        }
      }
      for (Object child : Told.list(told, "childIds")) {
        Map<String, Object> below = byId.get(String.valueOf(child));
        if (below != null) {
          add(below, byId, at);
        }
      }
      String inner = layout.frameIn(backend);
      if (inner != null && trees.containsKey(inner)) {
        addFrame(inner, at);
      }
    }
  }
}
