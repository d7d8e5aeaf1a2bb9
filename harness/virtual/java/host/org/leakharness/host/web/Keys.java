package org.leakharness.host.web;

import android.util.SparseArray;
import android.view.KeyCharacterMap;
import android.view.KeyEvent;

/** Keys of Android as keys of a page. */
final class Keys {
  private static final SparseArray<Object[]> NAMED = new SparseArray<>();

  static {
    named(KeyEvent.KEYCODE_ENTER, "Enter", 13, "\r");
    named(KeyEvent.KEYCODE_NUMPAD_ENTER, "Enter", 13, "\r");
    named(KeyEvent.KEYCODE_DEL, "Backspace", 8, "");
    named(KeyEvent.KEYCODE_FORWARD_DEL, "Delete", 46, "");
    named(KeyEvent.KEYCODE_TAB, "Tab", 9, "");
    named(KeyEvent.KEYCODE_ESCAPE, "Escape", 27, "");
    named(KeyEvent.KEYCODE_DPAD_LEFT, "ArrowLeft", 37, "");
    named(KeyEvent.KEYCODE_DPAD_UP, "ArrowUp", 38, "");
    named(KeyEvent.KEYCODE_DPAD_RIGHT, "ArrowRight", 39, "");
    named(KeyEvent.KEYCODE_DPAD_DOWN, "ArrowDown", 40, "");
    named(KeyEvent.KEYCODE_MOVE_HOME, "Home", 36, "");
    named(KeyEvent.KEYCODE_MOVE_END, "End", 35, "");
    named(KeyEvent.KEYCODE_PAGE_UP, "PageUp", 33, "");
    named(KeyEvent.KEYCODE_PAGE_DOWN, "PageDown", 34, "");
  }

  private Keys() {}

  private static void named(int code, String key, int windows, String text) {
    NAMED.put(code, new Object[] {key, windows, text});
  }

  static void press(Page page, Field field, int code) {
    send(page, field, new KeyEvent(KeyEvent.ACTION_DOWN, code));
    send(page, field, new KeyEvent(KeyEvent.ACTION_UP, code));
  }

  /** Passes a key on; false for those that are not the page's business. */
  static boolean send(Page page, Field field, KeyEvent event) {
    Object[] named = NAMED.get(event.getKeyCode());
    int character = event.getUnicodeChar() & KeyCharacterMap.COMBINING_ACCENT_MASK;
    if (named == null && character == 0) {
      return false;
    }
    String text = named != null ? (String) named[2] : new String(Character.toChars(character));
    String key = named != null ? (String) named[0] : text;
    int windows = named != null ? (Integer) named[1] : windowsCode(event, character);
    boolean down = event.getAction() == KeyEvent.ACTION_DOWN;
    int modifiers =
        (event.isAltPressed() ? 1 : 0)
            | (event.isCtrlPressed() ? 2 : 0)
            | (event.isMetaPressed() ? 4 : 0)
            | (event.isShiftPressed() ? 8 : 0);
    String type = !down ? "keyUp" : text.isEmpty() ? "rawKeyDown" : "keyDown";
    field.then(
        () ->
            page.send(
                "Input.dispatchKeyEvent",
                "type", type,
                "key", key,
                "text", down ? text : "",
                "modifiers", modifiers,
                "windowsVirtualKeyCode", windows));
    return true;
  }

  private static int windowsCode(KeyEvent event, int character) {
    int code = event.getKeyCode();
    if (code >= KeyEvent.KEYCODE_A && code <= KeyEvent.KEYCODE_Z) {
      return 'A' + code - KeyEvent.KEYCODE_A;
    }
    if (code >= KeyEvent.KEYCODE_0 && code <= KeyEvent.KEYCODE_9) {
      return '0' + code - KeyEvent.KEYCODE_0;
    }
    return character == ' ' ? ' ' : 0;
  }
}
