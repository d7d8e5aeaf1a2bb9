// What each thread of the app is doing right now, as far as hooks need to know it of one another.
//
// A request of the HTTP layer is written by the thread that is inside that layer's hooked method, and
// encrypted bytes by the thread that is inside a hooked TLS method. So the bytes below can name the
// request above without guessing.

import type { Origin } from "./stacks.js";

export class ThreadState {
  /** Requests of the HTTP layer being sent, innermost last. */
  readonly requests: number[] = [];
  /** TLS connections being written or negotiated, innermost last. */
  readonly tls: number[] = [];
  /** Who scheduled the work that this thread runs, newest first. */
  origins: readonly Origin[] | null = null;

  get request(): number {
    return this.requests[this.requests.length - 1] ?? 0;
  }

  get idle(): boolean {
    return this.requests.length === 0 && this.tls.length === 0 && this.origins === null;
  }
}

export class Threads {
  readonly #states = new Map<number, ThreadState>();

  get(thread: number): ThreadState {
    let state = this.#states.get(thread);
    if (state === undefined) {
      state = new ThreadState();
      this.#states.set(thread, state);
    }
    return state;
  }

  peek(thread: number): ThreadState | undefined {
    return this.#states.get(thread);
  }

  /** Forget a thread that does nothing of interest any more. */
  settle(thread: number): void {
    if (this.#states.get(thread)?.idle === true) {
      this.#states.delete(thread);
    }
  }
}

/** A map from identity hash codes that cannot grow without bound; the oldest entries go first. */
export class Remembered<V> {
  readonly #entries = new Map<number, V>();

  constructor(readonly limit: number) {}

  get size(): number {
    return this.#entries.size;
  }

  get(key: number): V | undefined {
    return this.#entries.get(key);
  }

  has(key: number): boolean {
    return this.#entries.has(key);
  }

  set(key: number, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size > this.limit) {
      const oldest = this.#entries.keys().next();
      if (oldest.done !== true) {
        this.#entries.delete(oldest.value);
      }
    }
  }

  take(key: number): V | undefined {
    const value = this.#entries.get(key);
    this.#entries.delete(key);
    return value;
  }
}
