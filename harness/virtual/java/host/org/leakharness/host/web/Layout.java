package org.leakharness.host.web;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.leakharness.host.link.Json;

/**
 * Where everything is, in pixels of the view, and what its markup says: a snapshot of all documents
 * of a page. The browser tells places in pixels of the screen, as its scale is one of its own.
 */
final class Layout {
  private static final class Place {
    final double[] box;
    final Map<String, String> attributes;
    final boolean clickable;
    final String frame;

    Place(double[] box, Map<String, String> attributes, boolean clickable, String frame) {
      this.box = box;
      this.attributes = attributes;
      this.clickable = clickable;
      this.frame = frame;
    }
  }

  private final List<Object> strings;
  private final List<Object> documents;
  private final Map<Integer, Place> places = new HashMap<>();

  Layout(Map<String, Object> snapshot) {
    strings = Told.list(snapshot, "strings");
    documents = Told.list(snapshot, "documents");
    if (!documents.isEmpty()) {
      read(0, 0, 0);
    }
  }

  /** The frame inside an element, or null. */
  String frameIn(int backend) {
    Place place = places.get(backend);
    return place == null ? null : place.frame;
  }

  void describe(int backend, Nodes.Node node) {
    Place place = places.get(backend);
    if (place == null) {
      return;
    }
    node.box = place.box;
    node.clickable = place.clickable;
    node.domId = place.attributes.getOrDefault("id", "");
    node.inputType = place.attributes.getOrDefault("type", "");
    node.placeholder = place.attributes.getOrDefault("placeholder", "");
  }

  /** One document; `left` and `top`: of its frame, in the view. */
  private void read(int number, double left, double top) {
    Map<String, Object> document = Json.asMap(documents.get(number));
    double x = left - Told.number(document, "scrollOffsetX");
    double y = top - Told.number(document, "scrollOffsetY");
    Map<Integer, double[]> boxes = boxes(document, x, y);
    Map<Integer, Integer> inner = new HashMap<>();
    List<Object> owners = Told.list(document, "nodes", "contentDocumentIndex", "index");
    List<Object> owned = Told.list(document, "nodes", "contentDocumentIndex", "value");
    for (int i = 0; i < owners.size(); i++) {
      inner.put(whole(owners.get(i)), whole(owned.get(i)));
    }
    java.util.Set<Integer> clickable = new java.util.HashSet<>();
    for (Object index : Told.list(document, "nodes", "isClickable", "index")) {
      clickable.add(whole(index));
    }
    List<Object> backends = Told.list(document, "nodes", "backendNodeId");
    List<Object> attributes = Told.list(document, "nodes", "attributes");
    for (int i = 0; i < backends.size(); i++) {
      double[] box = boxes.get(i);
      Integer below = inner.get(i);
      String frame = null;
      if (below != null) {
        frame = string(Told.whole(Json.asMap(documents.get(below)), "frameId"));
        if (box != null) {
          read(below, box[0], box[1]);
        }
      }
      places.put(
          whole(backends.get(i)),
          new Place(box, named(Json.asList(attributes.get(i))), clickable.contains(i), frame));
    }
  }

  private static Map<Integer, double[]> boxes(Map<String, Object> document, double x, double y) {
    Map<Integer, double[]> boxes = new HashMap<>();
    List<Object> indices = Told.list(document, "layout", "nodeIndex");
    List<Object> bounds = Told.list(document, "layout", "bounds");
    for (int i = 0; i < indices.size(); i++) {
      List<Object> box = Json.asList(bounds.get(i));
      double[] placed = {
        number(box.get(0)) + x, number(box.get(1)) + y, number(box.get(2)), number(box.get(3))
      };
      boxes.putIfAbsent(whole(indices.get(i)), placed);
    }
    return boxes;
  }

  private Map<String, String> named(List<Object> pairs) {
    Map<String, String> attributes = new HashMap<>();
    for (int i = 0; i + 1 < pairs.size(); i += 2) {
      attributes.put(string(whole(pairs.get(i))), string(whole(pairs.get(i + 1))));
    }
    return attributes;
  }

  private String string(int index) {
    return index < 0 || index >= strings.size() ? "" : String.valueOf(strings.get(index));
  }

  private static int whole(Object value) {
    return ((Number) value).intValue();
  }

  private static double number(Object value) {
    return ((Number) value).doubleValue();
  }
}
