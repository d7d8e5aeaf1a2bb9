// Carries "who asked for this" from one thread to another.
//
// A task gets the stack of the code that made or submitted it, keyed by the task's identity; the thread
// that runs it carries that stack while it does. A task that was stamped when it was made (FutureTask,
// OkHttp's AsyncCall at its dispatcher) keeps that stamp when it is submitted, because the dispatcher may
// submit it from quite another thread later.

import type { Bridge, Raw } from "./java.js";
import type { Call, Observer, Target } from "./patch.js";
import type { Origin, Stacks } from "./stacks.js";
import { Remembered, type Threads, type ThreadState } from "./threads.js";

/** Tasks that are waiting to run; more are forgotten, oldest first, and lose only their origin. */
const MAX_WAITING = 20_000;
const BOTH = ["art", "jvm"] as const;

type Stamp = readonly Origin[];
interface Task {
  readonly stamp: Stamp;
  /** Stamped by its constructor: submitting it later changes nothing. */
  readonly made: boolean;
}
type Saved = { readonly previous: Stamp | null };

export class Origins {
  readonly #bridge: Bridge;
  readonly #threads: Threads;
  readonly #stacks: Stacks;
  readonly #tasks = new Remembered<Task>(MAX_WAITING);
  readonly #started = new Remembered<Stamp>(MAX_WAITING);
  enabled = true;

  constructor(bridge: Bridge, threads: Threads, stacks: Stacks) {
    this.#bridge = bridge;
    this.#threads = threads;
    this.#stacks = stacks;
  }

  /** Who scheduled the work that the calling thread runs, newest first. */
  current(state: ThreadState | undefined): Stamp {
    if (!this.enabled) {
      return [];
    }
    const carried = state?.origins;
    if (carried !== null && carried !== undefined) {
      return carried;
    }
    if (this.#started.size === 0) {
      return [];
    }
    return this.#started.get(this.#bridge.identity(this.#bridge.currentThread())) ?? [];
  }

  #stamp(thread: number, from: Origin["from"]): Stamp {
    return this.#stacks.origin(from, this.current(this.#threads.peek(thread)));
  }

  #stampTask(call: Call, task: unknown, made: boolean): void {
    if (!this.enabled || task === null || task === undefined) {
      return;
    }
    const key = this.#bridge.identity(task as Raw);
    if (made || this.#tasks.get(key)?.made !== true) {
      this.#tasks.set(key, { stamp: this.#stamp(call.thread, "task"), made });
    }
  }

  #enter(call: Call, task: unknown, again: boolean): Saved | undefined {
    if (!this.enabled || task === null || task === undefined) {
      return undefined;
    }
    const key = this.#bridge.identity(task as Raw);
    const stamp = (again ? this.#tasks.get(key) : this.#tasks.take(key))?.stamp;
    if (stamp === undefined) {
      return undefined;
    }
    const state = this.#threads.get(call.thread);
    const saved = { previous: state.origins };
    state.origins = stamp;
    return saved;
  }

  #leave(call: Call, saved: Saved | undefined): void {
    if (saved !== undefined) {
      this.#threads.get(call.thread).origins = saved.previous;
      this.#threads.settle(call.thread);
    }
  }

  /** The task is an argument of the observed method. */
  #stampsArgument(index: number): Observer {
    return { before: (call) => this.#stampTask(call, call.args[index], false) };
  }

  /** The observed method takes a task that was made for it; it may be submitted by others later. */
  get #stampsMadeArgument(): Observer {
    return { before: (call) => this.#stampTask(call, call.args[0], true) };
  }

  /** The observed method is the task's constructor. */
  get #stampsSelf(): Observer {
    return { after: (call) => this.#stampTask(call, call.self, true) };
  }

  /** The observed method runs the task. */
  #runs(task: (call: Call) => unknown, again = false): Observer<Saved | undefined> {
    return {
      before: (call) => this.#enter(call, task(call), again),
      after: (call, saved) => this.#leave(call, saved),
      failed: (call, saved) => this.#leave(call, saved),
    };
  }

  get #startsThread(): Observer {
    return {
      before: (call) =>
        this.#started.set(this.#bridge.identity(call.self), this.#stamp(call.thread, "thread")),
    };
  }

  /** `beforeExecute` and `afterExecute` are two calls around the work of one pool thread. */
  get #poolBegins(): Observer {
    return { before: (call) => void this.#enter(call, call.args[1], false) };
  }

  get #poolEnds(): Observer {
    return { after: (call) => this.#leave(call, { previous: null }) };
  }

  get table(): readonly Target[] {
    const self = (call: Call): unknown => call.self;
    const juc = "java.util.concurrent";
    const rows: readonly [string, string, readonly string[] | undefined, Observer<never> | Observer][] = [
      ["java.lang.Thread", "start", [], this.#startsThread],
      [`${juc}.ThreadPoolExecutor`, "execute", ["java.lang.Runnable"], this.#stampsArgument(0)],
      [`${juc}.ThreadPoolExecutor`, "beforeExecute", undefined, this.#poolBegins],
      [`${juc}.ThreadPoolExecutor`, "afterExecute", undefined, this.#poolEnds],
      [`${juc}.FutureTask`, "$init", undefined, this.#stampsSelf],
      [`${juc}.FutureTask`, "run", [], this.#runs(self)],
      [`${juc}.FutureTask`, "runAndReset", [], this.#runs(self, true)],
      [`${juc}.CompletableFuture$AsyncSupply`, "$init", undefined, this.#stampsSelf],
      [`${juc}.CompletableFuture$AsyncSupply`, "run", [], this.#runs(self)],
      [`${juc}.CompletableFuture$AsyncRun`, "$init", undefined, this.#stampsSelf],
      [`${juc}.CompletableFuture$AsyncRun`, "run", [], this.#runs(self)],
    ];
    const boot = rows.map(([cls, method, overload, observe]): Target => ({
      ...named(cls, method),
      layer: "origin",
      runtimes: BOTH,
      from: "boot",
      cls,
      method,
      ...(overload === undefined ? {} : { overload }),
      observe,
    }));
    const app: readonly [string, string, Observer<never> | Observer][] = [
      ["android.os.Handler", "enqueueMessage", this.#stampsArgument(1)],
      ["android.os.Handler", "dispatchMessage", this.#runs((call) => call.args[0])],
      ["okhttp3.Dispatcher", "enqueue", this.#stampsMadeArgument],
      ["okhttp3.Dispatcher", "enqueue$okhttp", this.#stampsMadeArgument],
      ["okhttp3.RealCall$AsyncCall", "execute", this.#runs(self)],
      ["okhttp3.internal.connection.RealCall$AsyncCall", "run", this.#runs(self)],
    ];
    return boot.concat(
      app.map(([cls, method, observe]): Target => ({
        ...named(cls, method),
        layer: "origin",
        runtimes: BOTH,
        from: "app",
        cls,
        method,
        observe,
      })),
    );
  }
}

function named(cls: string, method: string): { id: string } {
  return { id: `${cls}.${method}` };
}
