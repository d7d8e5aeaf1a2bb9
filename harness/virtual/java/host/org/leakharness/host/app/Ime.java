package org.leakharness.host.app;

import android.content.res.Resources;
import android.view.View;
import android.view.inputmethod.EditorInfo;
import android.view.inputmethod.InputMethodManager;
import java.util.Map;
import org.leakharness.host.link.Json;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.shadow.api.Shadow;
import org.robolectric.shadows.ShadowInputMethodManager;

/** Which text field a keyboard would serve, and whether it would be shown; no keyboard is drawn. */
final class Ime {
  private Ime() {}

  private static InputMethodManager service() {
    return RuntimeEnvironment.getApplication().getSystemService(InputMethodManager.class);
  }

  private static View editor() {
    Windows.Root active = Windows.active();
    View focus = active == null ? null : active.view.findFocus();
    return focus != null && focus.onCheckIsTextEditor() ? focus : null;
  }

  private static boolean isShown() {
    return Shadow.<ShadowInputMethodManager>extract(service()).isSoftInputVisible();
  }

  /** Hides the keyboard; false when there was none. */
  static boolean hide() {
    View editor = editor();
    if (editor == null || !isShown()) {
      return false;
    }
    service().hideSoftInputFromWindow(editor.getWindowToken(), 0);
    return true;
  }

  static Map<String, Object> state() {
    View editor = editor();
    EditorInfo info = new EditorInfo();
    boolean active = editor != null && editor.onCreateInputConnection(info) != null;
    return Json.object(
        "active", active,
        "shown", active && isShown(),
        "package", active ? BoundApp.packageName() : "",
        "field_id", active ? idOf(editor) : "",
        "input_type", info.inputType,
        "ime_options", info.imeOptions,
        "hint", info.hintText == null ? "" : info.hintText.toString());
  }

  private static String idOf(View view) {
    try {
      return view.getId() == View.NO_ID ? "" : view.getResources().getResourceName(view.getId());
    } catch (Resources.NotFoundException generated) {
      return "";
    }
  }
}
