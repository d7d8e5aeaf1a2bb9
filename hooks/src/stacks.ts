// Stacks of the app's code: taken cheaply inside a hook, made into text later.
//
// In: the hook's call. Out: a `PendingStack` for the outbox. Making the Throwable costs half of what
// its text costs, so the text is made when the event is sent, and never for an origin whose work did
// not send anything.

import type { Bridge, JavaObject } from "./java.js";
import type { PendingStack } from "./outbox.js";
import type { ThreadState } from "./threads.js";

/** Frames of one stack that are kept. */
const MAX_LINES = 160;
/** Hops across threads that are kept. */
export const MAX_ORIGINS = 4;

/** How a Throwable becomes text on this runtime. */
export type Printer = (throwable: JavaObject) => string;

/** The stack at one moment of one thread. */
export class Moment {
  #throwable: JavaObject | null;
  #text = "";
  readonly #printer: Printer;

  constructor(throwable: JavaObject, printer: Printer) {
    this.#throwable = throwable;
    this.#printer = printer;
  }

  get text(): string {
    if (this.#throwable !== null) {
      const lines = this.#printer(this.#throwable).split("\n");
      this.#text = lines
        .slice(1, MAX_LINES + 1)
        .map((line) => line.trim())
        .filter((line) => line.startsWith("at "))
        .map((line) => line.slice(3))
        .join("\n");
      this.#throwable["$dispose"]();
      this.#throwable = null;
    }
    return this.#text;
  }
}

/** Where work for another thread was scheduled. */
export class Origin {
  constructor(
    readonly moment: Moment,
    readonly from: "task" | "thread",
  ) {}

  /** Text of the stack; empty where it says nothing about the work (a pool growing a worker). */
  get text(): string {
    const text = this.moment.text;
    return this.from === "thread" && GROWS_A_POOL.test(text) ? "" : text;
  }
}

const GROWS_A_POOL =
  /ThreadPoolExecutor\.addWorker|ForkJoinPool\.createWorker|CoroutineScheduler\.createNewWorker/;

export class Stacks {
  readonly #bridge: Bridge;
  readonly #printer: Printer;
  #throwableClass: JavaObject | null = null;

  constructor(bridge: Bridge, printer: Printer) {
    this.#bridge = bridge;
    this.#printer = printer;
  }

  /** The current stack of this thread. */
  moment(): Moment {
    this.#throwableClass ??= this.#bridge.boot.use("java.lang.Throwable");
    return new Moment(this.#throwableClass["$new"]() as JavaObject, this.#printer);
  }

  /** This thread's stack with those who scheduled its work. */
  sender(origins: readonly Origin[]): PendingStack {
    return new SenderStack(this.moment(), origins);
  }

  origin(from: Origin["from"], parents: readonly Origin[]): readonly Origin[] {
    return [new Origin(this.moment(), from), ...parents.slice(0, MAX_ORIGINS - 1)];
  }
}

class SenderStack implements PendingStack {
  constructor(
    readonly moment: Moment,
    readonly origins: readonly Origin[],
  ) {}

  texts(): readonly string[] {
    return [this.moment.text, ...this.origins.map((origin) => origin.text).filter(Boolean)];
  }
}

/** Gives the origins of the work that a thread runs. */
export type OriginsOf = (state: ThreadState | undefined) => readonly Origin[];
