// Reading and filling the focused text field, on the app's main thread.
//
// There is no way to run code on that thread but to be called there: a message to the main looper
// arrives in `Handler.handleMessage`, which is empty in the base class and hooked here. The job then
// speaks to the field as a keyboard does, through its InputConnection. A `TextView` is asked itself for what it holds;
// any other editor (a web view's page, a canvas) only tells its keyboard.

import type { FocusedField } from "./contract.js";
import type { Bridge, JavaObject } from "./java.js";
import { toNumber } from "./java.js";
import type { Target } from "./patch.js";
import type { Strings } from "./text.js";

/** "LEAK" as a message code. */
const MESSAGE = 0x4c45414b;
const JOB_TIMEOUT_MS = 5_000;
/** More than any text of a test; connections hand out what there is. */
const MAX_TEXT = 1_000_000;
/** `InputType.TYPE_MASK_CLASS | TYPE_MASK_VARIATION` and the variations that hide text. */
const TYPE_MASK = 0xfff;
const PASSWORD_TYPES = [0x81, 0x91, 0xe1, 0x12];

const CLASSES = [
  "android.os.Message",
  "android.os.Looper",
  "android.view.WindowManagerGlobal",
  "android.view.View",
  "android.view.inputmethod.EditorInfo",
  "android.view.inputmethod.InputConnection",
  "android.widget.TextView",
];

interface Job {
  run(): void;
}

interface Focus {
  readonly view: JavaObject;
  readonly connection: JavaObject;
  /** What the field says of itself to keyboards. */
  readonly info: JavaObject;
}

export class Input {
  readonly #bridge: Bridge;
  readonly #strings: Strings;
  readonly #jobs: Job[] = [];
  #handler: JavaObject | null = null;

  constructor(bridge: Bridge, strings: Strings) {
    this.#bridge = bridge;
    this.#strings = strings;
  }

  get table(): readonly Target[] {
    return [
      {
        id: "android.os.Handler.handleMessage",
        layer: "input",
        runtimes: ["art", "jvm"],
        from: "app",
        cls: "android.os.Handler",
        method: "handleMessage",
        prepare: () => CLASSES.forEach((name) => this.#bridge.app.use(name)),
        observe: {
          transparent: true,
          before: (call) => {
            const message = call.args[0] as JavaObject;
            if (toNumber(message["what"].value) === MESSAGE) {
              this.#runJobs();
            }
          },
        },
      },
    ];
  }

  focused(): Promise<FocusedField | null> {
    return this.#onMainThread(() => {
      const focus = this.#focus();
      return focus === null ? null : this.#describe(focus);
    });
  }

  commit(text: string): Promise<void> {
    return this.#onField(({ connection }) => {
      connection["commitText"]
        .overload("java.lang.CharSequence", "int")
        .call(connection, this.#strings.toJava(text), 1);
    });
  }

  clear(): Promise<void> {
    return this.#onField(({ view, connection }) => {
      const field = this.#textView(view);
      const length =
        field === null ? this.#held(connection).length : toNumber(field["getText"]()["length"]());
      connection["finishComposingText"]();
      connection["setSelection"](0, length);
      connection["commitText"]
        .overload("java.lang.CharSequence", "int")
        .call(connection, this.#strings.toJava(""), 1);
    });
  }

  action(code: number): Promise<boolean> {
    return this.#onField(({ connection }) => connection["performEditorAction"](code) === true);
  }

  #onField<T>(fn: (focus: Focus) => T): Promise<T> {
    return this.#onMainThread(() => {
      const focus = this.#focus();
      if (focus === null) {
        throw new Error("no text field has the focus");
      }
      return fn(focus);
    });
  }

  #onMainThread<T>(fn: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      let open = true;
      const job = {
        run: () => {
          if (open) {
            open = false;
            try {
              resolve(fn());
            } catch (error) {
              reject(error as Error);
            }
          }
        },
      };
      setTimeout(() => {
        if (open) {
          open = false;
          reject(new Error(`the app's main thread did not answer within ${JOB_TIMEOUT_MS} ms`));
        }
      }, JOB_TIMEOUT_MS);
      this.#jobs.push(job);
      this.#bridge.perform(() => this.#post());
    });
  }

  #post(): void {
    const { app } = this.#bridge;
    if (this.#handler === null) {
      const handler = app.use("android.os.Handler");
      const looper = app.use("android.os.Looper")["getMainLooper"]() as JavaObject;
      this.#handler = handler["$new"].overload("android.os.Looper").call(handler, looper) as JavaObject;
    }
    this.#handler["sendEmptyMessage"](MESSAGE);
  }

  #runJobs(): void {
    for (let job = this.#jobs.shift(); job !== undefined; job = this.#jobs.shift()) {
      job.run();
    }
  }

  /** The focused text field of the newest window that has one. */
  #focus(): Focus | null {
    const { app, boot } = this.#bridge;
    const viewClass = app.use("android.view.View");
    const list = boot.use("java.util.ArrayList");
    const manager = app.use("android.view.WindowManagerGlobal")["getInstance"]() as JavaObject;
    const roots = this.#bridge.cast(manager["mViews"].value as JavaObject, list);
    for (let i = toNumber(roots["size"]()) - 1; i >= 0; i--) {
      const root = this.#bridge.cast(roots["get"](i) as JavaObject, viewClass);
      const view = root["findFocus"]() as JavaObject | null;
      if (view === null || view["onCheckIsTextEditor"]() !== true) {
        continue;
      }
      const info = app.use("android.view.inputmethod.EditorInfo")["$new"]() as JavaObject;
      const connection = view["onCreateInputConnection"](info) as JavaObject | null;
      if (connection !== null) {
        return { view, connection, info };
      }
    }
    return null;
  }

  #textView(view: JavaObject): JavaObject | null {
    const cls = this.#bridge.app.use("android.widget.TextView");
    return cls["class"]["isInstance"](view) === true ? this.#bridge.cast(view, cls) : null;
  }

  /** What an editor that is no `TextView` holds, as its connection tells keyboards. */
  #held(connection: JavaObject): string {
    return [
      connection["getTextBeforeCursor"](MAX_TEXT, 0),
      connection["getSelectedText"](0),
      connection["getTextAfterCursor"](MAX_TEXT, 0),
    ]
      .map((part) => this.#strings.text(part))
      .join("");
  }

  #describe({ view, connection, info }: Focus): FocusedField {
    const field = this.#textView(view);
    if (field === null) {
      return {
        text: this.#held(connection),
        hint: this.#strings.text(info["hintText"].value),
        className: String(view["getClass"]()["getName"]()),
        password: PASSWORD_TYPES.includes(toNumber(info["inputType"].value) & TYPE_MASK),
        resourceId: this.#strings.text(info["fieldName"].value),
      };
    }
    const type = toNumber(field["getInputType"]()) & TYPE_MASK;
    return {
      text: this.#strings.text(field["getText"]()),
      hint: this.#strings.text(field["getHint"]()),
      className: String(view["getClass"]()["getName"]()),
      password: PASSWORD_TYPES.includes(type),
      resourceId: this.#resourceId(field),
    };
  }

  #resourceId(field: JavaObject): string {
    const id = toNumber(field["getId"]());
    // View.NO_ID, and ids made at run time, have no name.
    if (id === -1 || id >>> 24 === 0) {
      return "";
    }
    return String(field["getResources"]()["getResourceName"](id));
  }
}
