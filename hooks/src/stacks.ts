// Stacks of the app's code: taken cheaply inside a hook, made into text later.
//
// In: the hook's call. Out: a `PendingStack` for the outbox. Making the Throwable costs half of what
// its text costs, so the text is made when the event is sent, and never for an origin whose work did
// not send anything.

import type { Bridge } from "./java.js";
import type { PendingStack } from "./outbox.js";
import type { ThreadState } from "./threads.js";

/** Frames of one stack that are kept. */
const MAX_LINES = 160;
/** Hops across threads that are kept. */
export const MAX_ORIGINS = 4;

/** The stack at one moment of one thread. */
export class Moment {
  #print: (() => string) | null;
  #text = "";

  /** `print` gives what `Throwable.printStackTrace` prints. */
  constructor(print: () => string) {
    this.#print = print;
  }

  get text(): string {
    if (this.#print !== null) {
      const lines = this.#print().split("\n");
      this.#text = lines
        .slice(1, MAX_LINES + 1)
        .map((line) => line.trim())
        .filter((line) => line.startsWith("at "))
        .map((line) => line.slice(3))
        .join("\n");
      this.#print = null;
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

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  /** The current stack of this thread. */
  moment(): Moment {
    return new Moment(this.#bridge.stack());
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
