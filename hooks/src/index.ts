// The agent: puts the hook tables in force when the host says so, and answers its calls.

import {
  CONTRACT_VERSION,
  type CheckedWay,
  type Fault,
  type Flushed,
  type FocusedField,
  type Ready,
  type Report,
  type SdkFlush,
  type StartOptions,
  type Table,
} from "./contract.js";
import { Buffers } from "./buffers.js";
import { channelTable } from "./channels.js";
import { datagramTable } from "./datagrams.js";
import { engineTable } from "./engines.js";
import { Input } from "./input.js";
import { once, thrownText, type Bridge } from "./java.js";
import { Loaders } from "./loaders.js";
import { nameTable } from "./names.js";
import { sendersAmong } from "./native.js";
import { okhttpTable } from "./okhttp.js";
import { Origins } from "./origins.js";
import { Outbox } from "./outbox.js";
import { pageTable } from "./pages.js";
import { Patcher, type Target } from "./patch.js";
import { platformHttpTable } from "./platform-http.js";
import { Recorder } from "./recorder.js";
import { javaBytes, makeBridge, nudge, runtimeOf, whenReady } from "./runtime.js";
import { flowTable } from "./flows.js";
import { handoverTable } from "./handovers.js";
import { SelfCheck } from "./self-check.js";
import { flushSdk, sinkTable } from "./sinks.js";
import { socketTable } from "./sockets.js";
import { Stacks } from "./stacks.js";
import { encodeUtf8, Strings } from "./text.js";
import { Threads } from "./threads.js";
import { tlsTable } from "./tls.js";
import { Values } from "./values.js";
import { Wires } from "./wires.js";

class Agent {
  readonly #bridge = makeBridge();
  readonly #threads = new Threads();
  readonly #stacks = new Stacks(this.#bridge);
  readonly #strings = new Strings(this.#bridge, javaBytes);
  readonly #origins = new Origins(this.#bridge, this.#threads, this.#stacks);
  readonly #outbox = new Outbox({
    send: (batch, data) => send(batch, data),
    later: (fn, delayMs) => void setTimeout(() => this.#bridge.perform(fn), delayMs),
    now: () => Date.now(),
  });
  readonly #recorder = new Recorder(this.#bridge, this.#outbox, this.#threads, this.#stacks, this.#origins);
  readonly #patcher = new Patcher(this.#bridge, runtimeOf(), fault);
  readonly #input = new Input(this.#bridge, this.#strings);

  install(options: StartOptions): void {
    const { text } = this.#strings;
    this.#recorder.bodyCapBytes = options.bodyCapBytes;
    const wires = new Wires(this.#recorder);
    const values = new Values(this.#bridge, text);
    const buffers = once(() => new Buffers(this.#bridge));
    const wanted = (table: Table): boolean => !options.without.includes(table);
    this.#origins.enabled = wanted("origins");
    type Tables = readonly (readonly [Table, () => readonly Target[]])[];
    /** Of classes that an app brings along, as one class loader has them. */
    const brought = (bridge: Bridge): Tables => [
      ["okhttp", () => okhttpTable(this.#recorder, bridge)],
      ["tls", () => tlsTable(this.#recorder, text, bridge)],
      ["engines", () => engineTable(this.#recorder, wires, buffers)],
      ["sinks", () => sinkTable(options.sinks, bridge, this.#recorder, values)],
    ];
    const loaders = new Loaders(this.#bridge, {
      tables: (bridge) => rows(brought(bridge)),
      apply: (table) => this.#patcher.apply(table),
      soon: (fn) => void setTimeout(() => this.#bridge.perform(fn), 0),
      settle: () => nudge(() => undefined),
      fault,
    });
    const rows = (tables: Tables): Target[] => tables.filter(([name]) => wanted(name)).flatMap(([, table]) => table());
    const tables: Tables = [
      ["origins", () => this.#origins.table],
      ["platform-http", () => platformHttpTable(this.#recorder)],
      ...brought(this.#bridge),
      ["sockets", () => socketTable(this.#recorder, wires, text)],
      ["channels", () => channelTable(this.#recorder, wires, buffers)],
      ["datagrams", () => datagramTable(this.#recorder, buffers, text)],
      ["names", () => nameTable(this.#recorder)],
      ["handovers", () => handoverTable(this.#recorder, values, text)],
      ["flows", () => flowTable(this.#recorder, buffers, text)],
      ["loaders", () => loaders.table],
      ["pages", () => pageTable(this.#bridge)],
      ["input", () => this.#input.table],
    ];
    this.#patcher.apply(rows(tables));
  }

  ready(): Ready {
    const { statuses } = this.#patcher;
    return { type: "ready", v: CONTRACT_VERSION, runtime: runtimeOf(), pid: Process.id, hooks: statuses };
  }

  selfCheck(token: string): CheckedWay[] {
    const check = new SelfCheck(this.#bridge, javaBytes, encodeUtf8);
    return this.#bridge.perform(() => this.#patcher.uncounted(() => check.run(token)));
  }

  flushSdks(chains: readonly string[]): SdkFlush[] {
    return this.#bridge.perform(() =>
      chains.map((chain) => {
        try {
          return { chain, asked: flushSdk(this.#bridge, chain), error: "" };
        } catch (error) {
          return { chain, asked: 0, error: thrownText(error) };
        }
      }),
    );
  }

  flush(): Flushed {
    return this.#bridge.perform(() => this.#outbox.flush());
  }

  report(): Report {
    return {
      v: CONTRACT_VERSION,
      runtime: runtimeOf(),
      pid: Process.id,
      hooks: this.#patcher.statuses,
      fired: this.#patcher.fired,
      native: sendersAmong(Process.enumerateModules()),
      seq: this.#outbox.seq,
      dropped: this.#outbox.dropped,
    };
  }

  get input(): Input {
    return this.#input;
  }
}

const MAX_FAULTS = 100;
const faults = new Set<string>();

/** Tell the host of a fault of ours, the same one only once. */
function fault(where: string, error: unknown): void {
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const key = `${where}: ${what}`;
  if (faults.has(key) || faults.size >= MAX_FAULTS) {
    return;
  }
  faults.add(key);
  const message: Fault = { type: "fault", v: CONTRACT_VERSION, where, what };
  send(message);
}

let agent: Agent | null = null;

function running(): Agent {
  if (agent === null) {
    throw new Error("the agent was not started");
  }
  return agent;
}

rpc.exports = {
  /** Whether `ready` follows at once; else it does when the process runs on. */
  start(options: StartOptions): boolean {
    return whenReady(() => {
      try {
        const made = new Agent();
        made.install(options);
        nudge(() => {
          agent = made;
          send(made.ready());
        });
      } catch (error) {
        fault("start", error);
      }
    });
  },
  ping: (): number => Date.now(),
  flush: (): Flushed => running().flush(),
  selfCheck: (token: string): CheckedWay[] => running().selfCheck(token),
  flushSdks: (chains: readonly string[]): SdkFlush[] => running().flushSdks(chains),
  report: (): Report => running().report(),
  focusedField: (): Promise<FocusedField | null> => running().input.focused(),
  commitText: (text: string): Promise<void> => running().input.commit(text),
  clearText: (): Promise<void> => running().input.clear(),
  editorAction: (code: number): Promise<boolean> => running().input.action(code),
};
