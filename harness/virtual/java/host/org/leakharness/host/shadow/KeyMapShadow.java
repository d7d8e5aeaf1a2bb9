package org.leakharness.host.shadow;

import android.os.SystemClock;
import android.view.InputDevice;
import android.view.KeyCharacterMap;
import android.view.KeyEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.robolectric.annotation.Implementation;
import org.robolectric.annotation.Implements;
import org.robolectric.shadows.ShadowKeyCharacterMap;

/**
 * Android's virtual keyboard: which keys make a character. As in AOSP's `Virtual.kcm`, US layout:
 * printable ASCII, tab and newline have keys; for anything else there are no events at all.
 */
@Implements(className = "android.view.KeyCharacterMap", isInAndroidSdk = false)
public class KeyMapShadow extends ShadowKeyCharacterMap {
  private static final Map<Character, Integer> PLAIN = new HashMap<>();
  private static final Map<Character, Integer> SHIFTED = new HashMap<>();

  static {
    for (char c = 'a'; c <= 'z'; c++) {
      PLAIN.put(c, KeyEvent.KEYCODE_A + (c - 'a'));
      SHIFTED.put(Character.toUpperCase(c), KeyEvent.KEYCODE_A + (c - 'a'));
    }
    for (char c = '0'; c <= '9'; c++) {
      PLAIN.put(c, KeyEvent.KEYCODE_0 + (c - '0'));
    }
    int[] codes = {
      KeyEvent.KEYCODE_COMMA, KeyEvent.KEYCODE_PERIOD, KeyEvent.KEYCODE_GRAVE,
      KeyEvent.KEYCODE_MINUS, KeyEvent.KEYCODE_EQUALS, KeyEvent.KEYCODE_LEFT_BRACKET,
      KeyEvent.KEYCODE_RIGHT_BRACKET, KeyEvent.KEYCODE_BACKSLASH, KeyEvent.KEYCODE_SEMICOLON,
      KeyEvent.KEYCODE_APOSTROPHE, KeyEvent.KEYCODE_SLASH
    };
    put(PLAIN, ",.`-=[]\\;'/", codes);
    put(SHIFTED, "<>~_+{}|:\"?", codes);
    for (int digit = 0; digit <= 9; digit++) {
      SHIFTED.put(")!@#$%^&*(".charAt(digit), KeyEvent.KEYCODE_0 + digit);
    }
    PLAIN.put(' ', KeyEvent.KEYCODE_SPACE);
    PLAIN.put('\n', KeyEvent.KEYCODE_ENTER);
    PLAIN.put('\t', KeyEvent.KEYCODE_TAB);
  }

  private static void put(Map<Character, Integer> map, String characters, int[] codes) {
    for (int i = 0; i < codes.length; i++) {
      map.put(characters.charAt(i), codes[i]);
    }
  }

  @Implementation
  protected static KeyEvent[] nativeGetEvents(long address, char[] characters) {
    List<KeyEvent> events = new ArrayList<>();
    long now = SystemClock.uptimeMillis();
    for (char c : characters) {
      Integer plain = PLAIN.get(c);
      Integer shifted = SHIFTED.get(c);
      if (plain == null && shifted == null) {
        return null;
      }
      if (plain != null) {
        addPress(events, now, plain, 0);
      } else {
        int shift = KeyEvent.META_SHIFT_ON | KeyEvent.META_SHIFT_LEFT_ON;
        events.add(event(now, KeyEvent.ACTION_DOWN, KeyEvent.KEYCODE_SHIFT_LEFT, shift));
        addPress(events, now, shifted, shift);
        events.add(event(now, KeyEvent.ACTION_UP, KeyEvent.KEYCODE_SHIFT_LEFT, 0));
      }
    }
    return events.toArray(new KeyEvent[0]);
  }

  private static void addPress(List<KeyEvent> events, long now, int code, int meta) {
    events.add(event(now, KeyEvent.ACTION_DOWN, code, meta));
    events.add(event(now, KeyEvent.ACTION_UP, code, meta));
  }

  private static KeyEvent event(long now, int action, int code, int meta) {
    return new KeyEvent(
        now, now, action, code, 0, meta, KeyCharacterMap.VIRTUAL_KEYBOARD, 0, 0,
        InputDevice.SOURCE_KEYBOARD);
  }

  @Implementation
  protected static char nativeGetCharacter(long address, int code, int meta) {
    boolean shift = (meta & KeyEvent.META_SHIFT_ON) != 0;
    boolean caps = (meta & KeyEvent.META_CAPS_LOCK_ON) != 0;
    boolean letter = code >= KeyEvent.KEYCODE_A && code <= KeyEvent.KEYCODE_Z;
    boolean upper = letter ? shift != caps : shift;
    for (Map.Entry<Character, Integer> entry : (upper ? SHIFTED : PLAIN).entrySet()) {
      if (entry.getValue() == code) {
        return entry.getKey();
      }
    }
    return upper ? nativeGetCharacter(address, code, 0) : 0;
  }
}
