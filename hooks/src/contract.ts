// The messages between agent and host, and their version. Twin of harness/agent/wire.py: what is
// changed here is changed there, and tests/corpus/wire/ holds messages that both sides are tested on.

export const CONTRACT_VERSION = 1;

export type Runtime = "art" | "jvm";

/** Where an event was seen. */
export type Layer = "java-http" | "tls" | "socket";

/** Where a hand-over was seen. */
export type HandedLayer = "sdk-api" | "ipc";

/** What a row of a hook table serves: a capture layer, or one of the agent's own needs. */
export type HookLayer = Layer | HandedLayer | "origin" | "input";

export type HookState = "installed" | "missing" | "failed";

export interface HookStatus {
  layer: HookLayer;
  target: string;
  state: HookState;
  detail: string;
}

/** Stack of the sender and of those who scheduled the work, as numbers of texts in `Batch.stacks`. */
export type StackRefs = readonly number[];

interface Seen {
  /** Sequence number of the event, from 1, without gaps. */
  n: number;
  /** Unix time in milliseconds by the device's clock. */
  t: number;
  /** Native thread id. */
  thread: number;
}

export type Header = readonly [name: string, value: string];

/** A request was handed to the HTTP layer; its body follows in `body` events. */
export interface RequestEvent extends Seen {
  k: "request";
  layer: "java-http";
  target: string;
  /** Number of the request within the agent. */
  ex: number;
  method: string;
  url: string;
  headers: readonly Header[];
  /** Whether the request has a body at all. */
  body: boolean;
  stack: StackRefs;
}

/** A piece of a request's body; its bytes are the event's slice of the binary part. */
export interface BodyEvent extends Seen {
  k: "body";
  ex: number;
  /** Why later bytes of this body are not recorded; empty while all are. */
  unread: string;
  /** Bytes that this event speaks of; more than the slice holds when it was cut. */
  size: number;
  at: number;
  len: number;
}

/** The answer, or why there is none. */
export interface ResponseEvent extends Seen {
  k: "response";
  ex: number;
  status: number;
  headers: readonly Header[];
  version: string;
  /** The exception that the app got instead of an answer. */
  error: string;
}

/** A piece of an answer's body, as the app reads it. */
export interface AnswerEvent extends Seen {
  k: "answer";
  ex: number;
  unread: string;
  size: number;
  at: number;
  len: number;
}

/** Plaintext that was written to a connection. */
export interface BytesEvent extends Seen {
  k: "bytes";
  layer: "tls" | "socket";
  target: string;
  conn: number;
  host: string;
  port: number;
  /** The request of the HTTP layer that this thread was sending, 0 if none. */
  ex: number;
  unread: string;
  size: number;
  at: number;
  len: number;
  stack: StackRefs;
}

/** A socket turned out to carry TLS: the bytes of the first record (the client's hello). */
export interface CipherEvent extends Seen {
  k: "cipher";
  conn: number;
  host: string;
  port: number;
  at: number;
  len: number;
  stack: StackRefs;
}

/** The encrypted bytes of socket `conn` come from the TLS connection `tls`, whose plaintext is hooked. */
export interface CarrierEvent extends Seen {
  k: "carrier";
  conn: number;
  tls: number;
  /** Peer of the socket. */
  host: string;
  port: number;
}

/** A datagram was handed to the network. */
export interface DatagramEvent extends Seen {
  k: "datagram";
  target: string;
  host: string;
  port: number;
  size: number;
  at: number;
  len: number;
  stack: StackRefs;
}

/** The app handed something to an SDK or to another process; the bytes are JSON, or a parcel. */
export interface HandoverEvent extends Seen {
  k: "handover";
  layer: HandedLayer;
  target: string;
  /** Who got it, where that is another package. */
  package: string;
  /** Where a browser or player was sent to, which goes there in the app's place. */
  host: string;
  parcel: boolean;
  unread: string;
  size: number;
  at: number;
  len: number;
  stack: StackRefs;
}

/** The app turned bytes into others; both are in the slice, the input first. */
export interface FlowEvent extends Seen {
  k: "flow";
  target: string;
  /** Name of the algorithm. */
  how: string;
  /** Length of the input. */
  split: number;
  at: number;
  len: number;
}

/** A name was looked up. */
export interface LookupEvent extends Seen {
  k: "lookup";
  target: string;
  host: string;
  stack: StackRefs;
}

export type WireEvent =
  | RequestEvent
  | BodyEvent
  | ResponseEvent
  | AnswerEvent
  | BytesEvent
  | CipherEvent
  | CarrierEvent
  | DatagramEvent
  | HandoverEvent
  | FlowEvent
  | LookupEvent;

export interface Batch {
  type: "batch";
  v: number;
  /** Texts of stack traces that later events name by number. */
  stacks: readonly (readonly [id: number, text: string])[];
  events: readonly WireEvent[];
}

export interface Ready {
  type: "ready";
  v: number;
  runtime: Runtime;
  pid: number;
  hooks: readonly HookStatus[];
}

/** Something went wrong inside the agent; the app did not notice. */
export interface Fault {
  type: "fault";
  v: number;
  where: string;
  what: string;
}

export interface Report {
  v: number;
  runtime: Runtime;
  pid: number;
  hooks: readonly HookStatus[];
  fired: Readonly<Record<string, number>>;
  /** Native libraries of the app that can send past the hooks. */
  native: readonly string[];
  /** Sequence number of the newest event. */
  seq: number;
  /** Events that found the outbox full; they got no sequence number. */
  dropped: number;
}

export interface Flushed {
  seq: number;
  dropped: number;
}

export interface FocusedField {
  text: string;
  hint: string;
  className: string;
  password: boolean;
  resourceId: string;
}

/** One way out that the self-check tried. */
export interface CheckedWay {
  layer: Layer;
  way: string;
  /** Whether a request of ours went that way; if not, `detail` says why. */
  sent: boolean;
  detail: string;
}

/** A method that takes app data, from the catalogue of SDKs; types are erased and spelled as `Class.getName`. */
export interface SinkRow {
  cls: string;
  method: string;
  overload: readonly string[];
}

/** What became of an SDK's own flush. */
export interface SdkFlush {
  chain: string;
  /** How many live objects, or 1 for a static method, were asked. */
  asked: number;
  error: string;
}

/** The hook tables by name; each can be left out. */
export const TABLES = [
  "origins", "okhttp", "platform-http", "tls", "engines", "sockets", "channels", "datagrams", "names", "sinks", "handovers", "flows", "loaders", "pages", "input",
] as const;
export type Table = (typeof TABLES)[number];

export interface StartOptions {
  sinks: readonly SinkRow[];
  /** Hook tables that are not installed. */
  without: readonly Table[];
  /** Bytes recorded of one body; 0 for no bound. */
  bodyCapBytes: number;
}
