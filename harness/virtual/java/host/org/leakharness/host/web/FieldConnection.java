package org.leakharness.host.web;

import android.view.KeyEvent;
import android.view.inputmethod.BaseInputConnection;
import android.view.inputmethod.EditorInfo;
import android.view.inputmethod.ExtractedText;
import android.view.inputmethod.ExtractedTextRequest;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * What keyboards type into a page's field with. Text comes with the key events of a soft keyboard
 * (code 229), as from Chromium on a phone; what is read is what the page's field really holds.
 */
final class FieldConnection extends BaseInputConnection {
  private static final int COMPOSITION_KEY = 229;

  private final Page page;
  private final Field field;
  private String composing = "";

  FieldConnection(Page page, Field field) {
    super(page.view, true);
    this.page = page;
    this.field = field;
  }

  @Override
  public boolean commitText(CharSequence text, int newCursorPosition) {
    String typed = text.toString();
    if (typed.equals("\n")) {
      Keys.press(page, field, KeyEvent.KEYCODE_ENTER);
    } else if (typed.isEmpty()) {
      clearComposition();
      field.script("remove(0, 0)");
    } else {
      composing = "";
      typing(() -> page.send("Input.insertText", "text", typed));
    }
    return true;
  }

  @Override
  public boolean setComposingText(CharSequence text, int newCursorPosition) {
    composing = text.toString();
    String now = composing;
    typing(
        () ->
            page.send(
                "Input.imeSetComposition",
                "text", now,
                "selectionStart", now.length(),
                "selectionEnd", now.length()));
    return true;
  }

  @Override
  public boolean finishComposingText() {
    if (!composing.isEmpty()) {
      String now = composing;
      composing = "";
      field.then(() -> page.send("Input.insertText", "text", now));
    }
    return true;
  }

  @Override
  public boolean setComposingRegion(int start, int end) {
    return false;
  }

  private void clearComposition() {
    if (!composing.isEmpty()) {
      composing = "";
      field.then(
          () ->
              page.send(
                  "Input.imeSetComposition", "text", "", "selectionStart", 0, "selectionEnd", 0));
    }
  }

  private void typing(
      java.util.function.Supplier<CompletableFuture<Map<String, Object>>> insertion) {
    field.then(() -> key("rawKeyDown"));
    field.then(insertion);
    field.then(() -> key("keyUp"));
  }

  private CompletableFuture<Map<String, Object>> key(String type) {
    return page.send(
        "Input.dispatchKeyEvent",
        "type", type,
        "key", "Unidentified",
        "windowsVirtualKeyCode", COMPOSITION_KEY);
  }

  @Override
  public boolean deleteSurroundingText(int before, int after) {
    field.script("remove(" + Math.max(0, before) + ", " + Math.max(0, after) + ")");
    return true;
  }

  @Override
  public boolean deleteSurroundingTextInCodePoints(int before, int after) {
    Field.State now = field.state();
    int from = Math.max(0, Math.min(now.start, now.text.length()));
    int to = Math.max(0, Math.min(now.end, now.text.length()));
    int left = Math.min(before, now.text.codePointCount(0, from));
    int right = Math.min(after, now.text.codePointCount(to, now.text.length()));
    return deleteSurroundingText(
        from - now.text.offsetByCodePoints(from, -left),
        now.text.offsetByCodePoints(to, right) - to);
  }

  @Override
  public boolean setSelection(int start, int end) {
    field.script("select(" + start + ", " + end + ")");
    return true;
  }

  @Override
  public boolean performEditorAction(int action) {
    if (action == EditorInfo.IME_ACTION_NEXT) {
      Keys.press(page, field, KeyEvent.KEYCODE_TAB);
    } else {
      Keys.press(page, field, KeyEvent.KEYCODE_ENTER);
    }
    return true;
  }

  @Override
  public boolean sendKeyEvent(KeyEvent event) {
    return Keys.send(page, field, event);
  }

  @Override
  public CharSequence getTextBeforeCursor(int length, int flags) {
    Field.State now = field.state();
    int end = Math.min(now.start, now.text.length());
    return now.text.substring(Math.max(0, end - length), end);
  }

  @Override
  public CharSequence getTextAfterCursor(int length, int flags) {
    Field.State now = field.state();
    int start = Math.min(now.end, now.text.length());
    return now.text.substring(start, (int) Math.min(now.text.length(), (long) start + length));
  }

  @Override
  public CharSequence getSelectedText(int flags) {
    Field.State now = field.state();
    int start = Math.min(now.start, now.text.length());
    int end = Math.min(now.end, now.text.length());
    return start < end ? now.text.substring(start, end) : null;
  }

  @Override
  public ExtractedText getExtractedText(ExtractedTextRequest request, int flags) {
    Field.State now = field.state();
    ExtractedText extracted = new ExtractedText();
    extracted.text = now.text;
    extracted.partialStartOffset = -1;
    extracted.partialEndOffset = -1;
    extracted.selectionStart = now.start;
    extracted.selectionEnd = now.end;
    return extracted;
  }

  @Override
  public int getCursorCapsMode(int modes) {
    return 0;
  }
}
