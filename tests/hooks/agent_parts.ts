// The agent's parts on the fake bridge, wired as index.ts wires them.

import type { Batch, WireEvent } from "../../hooks/src/contract.js";
import { Origins } from "../../hooks/src/origins.js";
import { Outbox } from "../../hooks/src/outbox.js";
import { Patcher, type Target } from "../../hooks/src/patch.js";
import { Recorder } from "../../hooks/src/recorder.js";
import { Stacks } from "../../hooks/src/stacks.js";
import { Threads } from "../../hooks/src/threads.js";
import { FakeBridge } from "./fake_bridge.js";

export const text = (value: unknown): string => String(value ?? "");

export class Parts {
  readonly bridge = new FakeBridge();
  readonly threads = new Threads();
  readonly stacks = new Stacks(this.bridge);
  readonly origins = new Origins(this.bridge, this.threads, this.stacks);
  readonly sent: { batch: Batch; data: ArrayBuffer | null }[] = [];
  readonly outbox = new Outbox({
    send: (batch, data) => void this.sent.push({ batch, data }),
    later: () => undefined,
    now: () => this.bridge.now(),
  });
  readonly recorder = new Recorder(this.bridge, this.outbox, this.threads, this.stacks, this.origins);
  readonly faults: string[] = [];
  readonly patcher = new Patcher(this.bridge, "jvm", (where, error) =>
    this.faults.push(`${where}: ${error instanceof Error ? error.stack : String(error)}`),
  );

  apply(table: readonly Target[]): void {
    this.patcher.apply(table);
  }

  /** Everything recorded since the last time: the event and the bytes that belong to it. */
  events(): { event: WireEvent; bytes: string; stack: readonly string[] }[] {
    this.sent.length = 0;
    this.outbox.flush();
    return this.sent.flatMap(({ batch, data }) =>
      batch.events.map((event) => {
        const slice = "at" in event ? (data ?? new ArrayBuffer(0)).slice(event.at, event.at + event.len) : null;
        const stack = "stack" in event ? event.stack : [];
        for (const [id, known] of batch.stacks) {
          this.#texts.set(id, known);
        }
        return {
          event,
          bytes: slice === null ? "" : Buffer.from(slice).toString("utf8"),
          stack: stack.map((id) => this.#texts.get(id) ?? `unknown ${id}`),
        };
      }),
    );
  }

  readonly #texts = new Map<number, string>();
}
