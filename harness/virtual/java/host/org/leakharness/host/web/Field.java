package org.leakharness.host.web;

import android.text.InputType;
import android.view.inputmethod.EditorInfo;
import android.view.inputmethod.InputConnection;
import android.view.inputmethod.InputMethodManager;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.leakharness.host.link.Json;

/**
 * The field of the page that has the focus, as a script of ours in each document tells it: its
 * text, selection and kind; and everything that is typed into it, one after the other.
 */
final class Field {
  /** What is known of the focused field; `kind` is empty when none has the focus. */
  static final class State {
    static final State NONE = new State(new HashMap<>());

    final String kind;
    final String text;
    final int start;
    final int end;
    final String hint;
    final String id;
    final String action;
    final String mode;
    final boolean form;
    final boolean more;

    State(Map<String, Object> told) {
      kind = Told.text(told, "kind");
      text = Told.text(told, "text");
      start = Told.whole(told, "start");
      end = Told.whole(told, "end");
      hint = Told.text(told, "hint");
      id = Told.text(told, "id");
      action = Told.text(told, "action");
      mode = Told.text(told, "mode");
      form = Told.flag(told, "form");
      more = Told.flag(told, "more");
    }

    boolean isEditable() {
      return !kind.isEmpty();
    }
  }

  private static final long STEP_LIMIT_MS = 5000;
  private static final String BINDING = "leakHarnessTell";
  private static final Map<String, Integer> TYPES = new HashMap<>();
  private static final Map<String, Integer> ACTIONS = new HashMap<>();

  static {
    int text = InputType.TYPE_CLASS_TEXT;
    TYPES.put("password", text | InputType.TYPE_TEXT_VARIATION_WEB_PASSWORD);
    TYPES.put("email", text | InputType.TYPE_TEXT_VARIATION_WEB_EMAIL_ADDRESS);
    TYPES.put("url", text | InputType.TYPE_TEXT_VARIATION_URI);
    TYPES.put("tel", InputType.TYPE_CLASS_PHONE);
    TYPES.put("number", InputType.TYPE_CLASS_NUMBER | InputType.TYPE_NUMBER_FLAG_DECIMAL);
    ACTIONS.put("enter", EditorInfo.IME_ACTION_NONE);
    ACTIONS.put("done", EditorInfo.IME_ACTION_DONE);
    ACTIONS.put("go", EditorInfo.IME_ACTION_GO);
    ACTIONS.put("next", EditorInfo.IME_ACTION_NEXT);
    ACTIONS.put("previous", EditorInfo.IME_ACTION_PREVIOUS);
    ACTIONS.put("search", EditorInfo.IME_ACTION_SEARCH);
    ACTIONS.put("send", EditorInfo.IME_ACTION_SEND);
  }

  private final Page page;
  private final Queue<Supplier<CompletableFuture<Map<String, Object>>>> work = new ArrayDeque<>();
  private boolean working;
  private int context;
  private volatile State state = State.NONE;

  Field(Page page) {
    this.page = page;
    page.on("Runtime.bindingCalled", this::told);
    page.on("Page.frameNavigated", this::left);
    page.scripts.set("field", Scripts.OWN_WORLD, Resources.text("field.js"));
  }

  /** With the page's opening, before any document has run a script. */
  void bind() {
    page.send("Runtime.addBinding", "name", BINDING, "executionContextName", Scripts.OWN_WORLD);
  }

  State state() {
    return state;
  }

  private void told(Map<String, Object> event) {
    if (!Told.text(event, "name").equals(BINDING)) {
      return;
    }
    Map<String, Object> payload = Json.parseObject(Told.text(event, "payload"));
    int from = Told.whole(event, "executionContextId");
    if (payload.containsKey("field")) {
      State now = new State(Told.map(payload, "field"));
      if (now.isEditable()) {
        context = from;
        become(now);
      } else if (context == from) {
        become(State.NONE);
      }
    }
    if (payload.containsKey("title")) {
      page.navigation.titled(Told.text(payload, "title"));
    }
    if (payload.containsKey("scroll")) {
      page.scrolled(Told.number(payload, "scroll", "x"), Told.number(payload, "scroll", "y"));
    }
  }

  private void left(Map<String, Object> event) {
    if (page.isMainFrame(Told.text(event, "frame", "id"))) {
      become(State.NONE);
    }
  }

  private void become(State now) {
    boolean began = now.isEditable() && !state.isEditable();
    boolean changed = !now.kind.equals(state.kind) || !now.id.equals(state.id);
    state = now;
    if (changed) {
      page.post(() -> showKeyboard(began));
    }
  }

  /** As Chromium does for a field that a finger has touched. */
  private void showKeyboard(boolean began) {
    InputMethodManager manager = page.context.getSystemService(InputMethodManager.class);
    manager.restartInput(page.view);
    if (began && page.view.hasFocus() && page.touchedLately()) {
      manager.showSoftInput(page.view, 0);
    }
  }

  InputConnection connect(EditorInfo info) {
    State now = state;
    if (!now.isEditable() || !page.view.hasFocus()) {
      return null;
    }
    boolean lines = now.kind.equals("textarea") || now.kind.equals("editable");
    int plain = InputType.TYPE_CLASS_TEXT | InputType.TYPE_TEXT_VARIATION_WEB_EDIT_TEXT;
    info.inputType = TYPES.getOrDefault(now.kind, plain);
    if (lines) {
      info.inputType |= InputType.TYPE_TEXT_FLAG_MULTI_LINE | InputType.TYPE_TEXT_FLAG_CAP_SENTENCES;
    }
    info.imeOptions =
        EditorInfo.IME_FLAG_NO_FULLSCREEN | EditorInfo.IME_FLAG_NO_EXTRACT_UI | action(now, lines);
    info.initialSelStart = now.start;
    info.initialSelEnd = now.end;
    info.hintText = now.hint.isEmpty() ? null : now.hint;
    info.fieldName = now.id.isEmpty() ? null : now.id;
    info.packageName = page.context.getPackageName();
    return new FieldConnection(page, this);
  }

  /** Which key the keyboard shows (Chromium `ImeUtils.computeEditorInfo`). */
  private static int action(State now, boolean lines) {
    Integer wanted = ACTIONS.get(now.action);
    if (wanted != null) {
      return wanted;
    }
    if (lines) {
      return EditorInfo.IME_ACTION_NONE;
    }
    if (now.kind.equals("search") || now.mode.equals("search")) {
      return EditorInfo.IME_ACTION_SEARCH;
    }
    return now.more ? EditorInfo.IME_ACTION_NEXT : EditorInfo.IME_ACTION_GO;
  }

  /**
   * Does one thing to the page when all before it are done: commands of different kinds would
   * overtake each other.
   */
  CompletableFuture<Map<String, Object>> then(
      Supplier<CompletableFuture<Map<String, Object>>> step) {
    CompletableFuture<Map<String, Object>> done = new CompletableFuture<>();
    synchronized (work) {
      work.add(
          () ->
              step.get()
                  .whenComplete(
                      (answer, refused) -> {
                        if (refused != null) {
                          done.completeExceptionally(refused);
                        } else {
                          done.complete(answer);
                        }
                      }));
    }
    page.touched(done);
    proceed();
    return done;
  }

  private void proceed() {
    Supplier<CompletableFuture<Map<String, Object>>> next;
    synchronized (work) {
      if (working || (next = work.poll()) == null) {
        return;
      }
      working = true;
    }
    next.get()
        .orTimeout(STEP_LIMIT_MS, java.util.concurrent.TimeUnit.MILLISECONDS)
        .whenComplete(
            (answer, refused) -> {
              synchronized (work) {
                working = false;
              }
              proceed();
            });
  }

  /** Calls a function of our script in the document that has the focus. */
  void script(String call) {
    int at = context;
    then(
        () ->
            page.send(
                "Runtime.evaluate", "expression", "leakHarnessField." + call, "contextId", at));
  }
}
