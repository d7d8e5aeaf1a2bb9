package org.leakharness.host.app;

import android.graphics.Rect;
import android.util.Xml;
import android.view.View;
import android.view.accessibility.AccessibilityNodeInfo;
import android.view.accessibility.AccessibilityNodeProvider;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.robolectric.util.ReflectionHelpers;
import org.xmlpull.v1.XmlSerializer;

/**
 * What `uiautomator dump` writes: attribute set, order and escaping of AOSP's
 * AccessibilityNodeInfoDumper, from the nodes that the views themselves describe. Besides AOSP's
 * attributes each node ends with `hint`, as newer dumps do.
 */
final class Dumper {
  private static final String[] NEVER_NAF = {
    "android.widget.GridView", "android.widget.GridLayout",
    "android.widget.ListView", "android.widget.TableLayout"
  };
  private static final int REPORT_IDS =
      AccessibilityNodeInfo.FLAG_SERVICE_REQUESTS_REPORT_VIEW_IDS;
  private static final int ALL_VIEWS =
      AccessibilityNodeInfo.FLAG_SERVICE_REQUESTS_INCLUDE_NOT_IMPORTANT_VIEWS;

  private final XmlSerializer xml;
  private final Rect window;

  private Dumper(XmlSerializer xml, Rect window) {
    this.xml = xml;
    this.window = window;
  }

  /** The tree of one window, UTF-8. `compressed` leaves out views of no importance. */
  static byte[] dump(Windows.Root root, boolean compressed) throws IOException {
    StringWriter text = new StringWriter();
    XmlSerializer xml = Xml.newSerializer();
    xml.setOutput(text);
    xml.startDocument("UTF-8", true);
    xml.startTag("", "hierarchy");
    xml.attribute("", "rotation", "0");
    Object attachInfo = ReflectionHelpers.getField(root.view, "mAttachInfo");
    ReflectionHelpers.setField(
        attachInfo, "mAccessibilityFetchFlags", compressed ? REPORT_IDS : REPORT_IDS | ALL_VIEWS);
    try {
      Dumper dumper = new Dumper(xml, root.bounds());
      dumper.node(new Node(root.view, null, root.view.createAccessibilityNodeInfo()), 0);
    } finally {
      ReflectionHelpers.setField(attachInfo, "mAccessibilityFetchFlags", 0);
    }
    xml.endTag("", "hierarchy");
    xml.endDocument();
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** A view, or what a view's provider says is inside it. */
  private static final class Node {
    final View view;
    final AccessibilityNodeProvider provider;
    final AccessibilityNodeInfo info;

    Node(View view, AccessibilityNodeProvider provider, AccessibilityNodeInfo info) {
      this.view = view;
      this.provider = provider;
      this.info = info;
    }

    List<Node> children() {
      List<Node> children = new ArrayList<>();
      AccessibilityNodeProvider own =
          provider != null ? provider : view.getAccessibilityNodeProvider();
      if (own != null) {
        for (int i = 0; i < info.getChildCount(); i++) {
          int id = AccessibilityNodeInfo.getVirtualDescendantId(info.getChildId(i));
          AccessibilityNodeInfo child = own.createAccessibilityNodeInfo(id);
          if (child != null) {
            children.add(new Node(view, own, child));
          }
        }
        return children;
      }
      ArrayList<View> views = new ArrayList<>();
      view.addChildrenForAccessibility(views);
      for (View child : views) {
        children.add(new Node(child, null, child.createAccessibilityNodeInfo()));
      }
      return children;
    }
  }

  private void node(Node node, int index) throws IOException {
    AccessibilityNodeInfo info = node.info;
    List<Node> children = node.children();
    xml.startTag("", "node");
    if (isNaf(info, children)) {
      attribute("NAF", true);
    }
    attribute("index", Integer.toString(index));
    attribute("text", info.getText());
    attribute("resource-id", info.getViewIdResourceName());
    attribute("class", info.getClassName());
    attribute("package", info.getPackageName());
    attribute("content-desc", info.getContentDescription());
    attribute("checkable", info.isCheckable());
    attribute("checked", info.isChecked());
    attribute("clickable", info.isClickable());
    attribute("enabled", info.isEnabled());
    attribute("focusable", info.isFocusable());
    attribute("focused", info.isFocused());
    attribute("scrollable", info.isScrollable());
    attribute("long-clickable", info.isLongClickable());
    attribute("password", info.isPassword());
    attribute("selected", info.isSelected());
    Rect bounds = new Rect();
    info.getBoundsInScreen(bounds);
    if (!bounds.intersect(window)) {
      bounds.setEmpty();
    }
    attribute("bounds", bounds.toShortString());
    attribute("hint", info.getHintText());
    for (int i = 0; i < children.size(); i++) {
      if (children.get(i).info.isVisibleToUser()) {
        node(children.get(i), i);
      }
    }
    xml.endTag("", "node");
  }

  private void attribute(String name, boolean value) throws IOException {
    xml.attribute("", name, Boolean.toString(value));
  }

  private void attribute(String name, CharSequence value) throws IOException {
    xml.attribute("", name, value == null ? "" : withoutInvalid(value));
  }

  /** "Not accessibility friendly": can be clicked, and nothing says what it is. */
  private static boolean isNaf(AccessibilityNodeInfo info, List<Node> children) {
    for (String name : NEVER_NAF) {
      if (String.valueOf(info.getClassName()).endsWith(name)) {
        return false;
      }
    }
    return info.isClickable() && info.isEnabled() && isMute(info) && !anySpeaks(children);
  }

  private static boolean isMute(AccessibilityNodeInfo info) {
    CharSequence description = info.getContentDescription();
    CharSequence text = info.getText();
    return (description == null || description.length() == 0)
        && (text == null || text.length() == 0);
  }

  private static boolean anySpeaks(List<Node> nodes) {
    for (Node node : nodes) {
      if (!isMute(node.info) || anySpeaks(node.children())) {
        return true;
      }
    }
    return false;
  }

  /** Characters that XML does not allow become dots, as AOSP does. */
  private static String withoutInvalid(CharSequence text) {
    StringBuilder clean = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean invalid =
          (c >= 0x1 && c <= 0x8)
              || (c >= 0xB && c <= 0xC)
              || (c >= 0xE && c <= 0x1F)
              || (c >= 0x7F && c <= 0x84)
              || (c >= 0x86 && c <= 0x9F)
              || (c >= 0xFDD0 && c <= 0xFDDF)
              || c == 0
              || c >= 0xFFFE;
      clean.append(invalid ? '.' : c);
    }
    return clean.toString();
  }
}
