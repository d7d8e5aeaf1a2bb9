package org.leakharness.host.web;

import android.graphics.Rect;
import android.text.InputType;
import android.view.View;
import android.view.accessibility.AccessibilityNodeInfo;
import android.view.accessibility.AccessibilityNodeProvider;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The page's nodes in Android's terms, as Chromium's own accessibility on Android gives them:
 * class by role, the DOM id as resource id, text of what holds text alone
 * (`content/browser/accessibility/browser_accessibility_android.cc`).
 */
final class NodeProvider extends AccessibilityNodeProvider {
  private static final String VIEW = "android.view.View";
  private static final String EDIT = "android.widget.EditText";
  private static final String TEXT = "android.widget.TextView";
  private static final Map<String, String> CLASSES = new HashMap<>();
  private static final String PRESSED =
      " button link checkbox switch radio textbox searchbox combobox menuitem menuitemcheckbox"
          + " menuitemradio tab option slider spinbutton PopUpButton DisclosureTriangle ";

  static {
    String[][] classes = {
      {"android.webkit.WebView", "RootWebArea"},
      {EDIT, "textbox", "searchbox", "spinbutton"},
      {"android.widget.Button", "button", "DisclosureTriangle"},
      {"android.widget.ToggleButton", "ToggleButton"},
      {"android.widget.CheckBox", "checkbox", "switch"},
      {"android.widget.RadioButton", "radio"},
      {"android.widget.SeekBar", "slider"},
      {"android.widget.Spinner", "combobox", "PopUpButton", "MenuListPopup"},
      {"android.widget.Image", "image", "img", "Canvas", "SvgRoot"},
      {"android.widget.ProgressBar", "progressbar", "meter"},
      {"android.widget.TabWidget", "tablist"},
      {"android.widget.GridView", "grid", "table", "treegrid"},
      {"android.widget.ListView", "list", "listbox"},
      {"android.app.Dialog", "dialog", "alertdialog"},
      {"android.view.MenuItem", "menuitem", "menuitemcheckbox", "menuitemradio"},
      {TEXT, "StaticText"},
    };
    for (String[] row : classes) {
      for (int i = 1; i < row.length; i++) {
        CLASSES.put(row[i], row[0]);
      }
    }
  }

  private final Page page;

  NodeProvider(Page page) {
    this.page = page;
  }

  @Override
  public AccessibilityNodeInfo createAccessibilityNodeInfo(int id) {
    List<Nodes.Node> nodes = page.nodes.all();
    if (id == HOST_VIEW_ID) {
      AccessibilityNodeInfo host = AccessibilityNodeInfo.obtain(page.view);
      page.view.onInitializeAccessibilityNodeInfo(host);
      if (!nodes.isEmpty()) {
        host.addChild(page.view, 0);
      }
      return host;
    }
    if (id < 0 || id >= nodes.size()) {
      return null;
    }
    return describe(id, nodes);
  }

  private AccessibilityNodeInfo describe(int id, List<Nodes.Node> nodes) {
    Nodes.Node node = nodes.get(id);
    AccessibilityNodeInfo info = AccessibilityNodeInfo.obtain(page.view, id);
    info.setPackageName(page.context.getPackageName());
    if (node.parent < 0) {
      info.setParent(page.view);
    } else {
      info.setParent(page.view, node.parent);
    }
    boolean field = isField(node);
    boolean leaf = field || holdsTextAlone(node, nodes);
    if (!leaf) {
      for (int child : node.children) {
        info.addChild(page.view, child);
      }
    }
    info.setClassName(className(node, leaf));
    Rect bounds = bounds(node);
    info.setBoundsInScreen(bounds);
    info.setVisibleToUser(id == 0 || !bounds.isEmpty());
    info.setViewIdResourceName(node.domId.isEmpty() ? null : node.domId);
    speak(info, node, nodes, field, leaf);
    boolean pressed = PRESSED.contains(" " + node.role + " ") || node.clickable;
    info.setClickable(pressed && id != 0);
    info.setEnabled(!node.is("disabled"));
    info.setFocusable(node.is("focusable"));
    info.setFocused(node.is("focused") && page.view.isFocused());
    info.setCheckable(node.properties.containsKey("checked"));
    info.setChecked(node.is("checked"));
    info.setSelected(node.is("selected"));
    info.setEditable(field);
    info.setScrollable(id == 0 && isHigherThanView());
    return info;
  }

  private void speak(
      AccessibilityNodeInfo info,
      Nodes.Node node,
      List<Nodes.Node> nodes,
      boolean field,
      boolean leaf) {
    if (field) {
      boolean password = node.inputType.equalsIgnoreCase("password");
      info.setPassword(password);
      info.setInputType(
          password
              ? InputType.TYPE_CLASS_TEXT | InputType.TYPE_TEXT_VARIATION_WEB_PASSWORD
              : InputType.TYPE_CLASS_TEXT | InputType.TYPE_TEXT_VARIATION_WEB_EDIT_TEXT);
      info.setText(node.value.isEmpty() ? inner(node, nodes) : node.value);
      info.setHintText(node.placeholder.isEmpty() ? node.name.trim() : node.placeholder);
      info.setContentDescription(
          node.name.isEmpty() || node.name.equals(node.placeholder) ? null : node.name.trim());
    } else if (node.role.equals("image") || node.role.equals("img")) {
      info.setText(node.name);
    } else if (leaf || info.getChildCount() == 0) {
      info.setText(node.name.isEmpty() ? inner(node, nodes) : node.name);
    } else if (info.isClickable() || PRESSED.contains(" " + node.role + " ")) {
      info.setContentDescription(node.name.isEmpty() ? null : node.name);
    } else if (node.parent < 0) {
      info.setText(node.name);
    }
    if (node.role.equals("combobox") || node.role.equals("PopUpButton")) {
      info.setText(node.value.isEmpty() ? node.name : node.value);
    }
  }

  private static boolean isField(Nodes.Node node) {
    boolean editable = node.properties.containsKey("editable") && node.is("focusable");
    return editable || EDIT.equals(CLASSES.get(node.role));
  }

  /** Such nodes are leaves on Android: their text is their own. */
  private static boolean holdsTextAlone(Nodes.Node node, List<Nodes.Node> nodes) {
    if (node.parent < 0 || node.children.isEmpty()) {
      return false;
    }
    for (int child : node.children) {
      if (!nodes.get(child).role.equals("StaticText")) {
        return false;
      }
    }
    return true;
  }

  private static String inner(Nodes.Node node, List<Nodes.Node> nodes) {
    StringBuilder text = new StringBuilder();
    for (int child : node.children) {
      text.append(nodes.get(child).name);
    }
    return text.toString();
  }

  private static String className(Nodes.Node node, boolean leaf) {
    String known = isField(node) ? EDIT : CLASSES.get(node.role);
    if (known != null) {
      return known;
    }
    return leaf && !node.role.equals("link") ? TEXT : VIEW;
  }

  /** On the screen, as far as the view shows it. */
  private Rect bounds(Nodes.Node node) {
    int[] place = new int[2];
    page.view.getLocationOnScreen(place);
    Rect whole =
        new Rect(
            place[0],
            place[1],
            place[0] + page.view.getWidth(),
            place[1] + page.view.getHeight());
    if (node.parent < 0) {
      return whole;
    }
    if (node.box == null) {
      return new Rect();
    }
    Rect box =
        new Rect(
            place[0] + (int) Math.round(node.box[0]),
            place[1] + (int) Math.round(node.box[1]),
            place[0] + (int) Math.round(node.box[0] + node.box[2]),
            place[1] + (int) Math.round(node.box[1] + node.box[3]));
    return box.intersect(whole) ? box : new Rect();
  }

  private boolean isHigherThanView() {
    float density = page.context.getResources().getDisplayMetrics().density;
    return page.navigation.getContentHeight() * density > page.view.getHeight() + 1;
  }

  @Override
  public boolean performAction(int id, int action, android.os.Bundle arguments) {
    return false;
  }

  @Override
  public AccessibilityNodeInfo findFocus(int focus) {
    List<Nodes.Node> nodes = page.nodes.all();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      if (nodes.get(i).is("focused")) {
        return createAccessibilityNodeInfo(i);
      }
    }
    return null;
  }

  /** Whether there is anything to tell apart from the view itself. */
  static AccessibilityNodeProvider of(Page page, NodeProvider provider) {
    return page.nodes.all().isEmpty() ? null : provider;
  }
}
