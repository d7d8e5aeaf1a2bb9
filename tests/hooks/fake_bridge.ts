// A small working stand-in for the Java bridge: classes are tables of methods, calls go through what is
// installed, and objects have an identity.

import type { Bridge, Getter, JavaObject, Overload, Raw, RawArgument } from "../../hooks/src/java.js";
import { encodeUtf8 } from "../../hooks/src/text.js";

export type Members = Record<string, unknown>;

/** A Java object with these members; there is nothing behind its handle. */
export function object(members: Members): JavaObject {
  return { $h: null, ...members } as unknown as JavaObject;
}

export type Body = (this: JavaObject, ...args: unknown[]) => unknown;

export class FakeOverload implements Overload {
  implementation: Overload["implementation"] = null;
  readonly argumentTypes: readonly { className: string }[];
  readonly holder: { $n: string };

  constructor(
    owner: string,
    types: readonly string[],
    readonly body: Body,
  ) {
    this.holder = { $n: owner };
    this.argumentTypes = types.map((className) => ({ className }));
  }

  /** The original, as the bridge calls it from inside a hook. */
  apply(receiver: JavaObject, args: readonly unknown[]): unknown {
    return this.body.apply(receiver, [...args]);
  }

  /** A call from Java. */
  invoke(receiver: JavaObject, ...args: unknown[]): unknown {
    return (this.implementation ?? this.body).apply(receiver, args);
  }
}

let identities = 0;
const identity = new WeakMap<object, number>();

export class FakeBridge implements Bridge {
  readonly #classes = new Map<string, JavaObject>();
  readonly boot = {
    use: (name: string) => this.#use(name),
    link: (name: string) => this.#use(name),
    has: (name: string) => this.#classes.has(name),
    identity: (name: string) => (this.#classes.has(name) ? this.identity(this.#use(name)) : 0),
    live: (name: string) => this.alive.get(name) ?? [],
  };
  readonly alive = new Map<string, JavaObject[]>();
  readonly app = this.boot;
  thread = 1;
  time = 1_000;
  stacks = 0;
  /** The frame on top of every stack. */
  frame = (number: number): string => `here.Number${number}.go(Here.java:1)`;

  readonly #threads = new Map<number, JavaObject>();

  /** The Java object of the thread that is running. */
  javaThread(thread = this.thread): JavaObject {
    let found = this.#threads.get(thread);
    if (found === undefined) {
      found = object({});
      this.#threads.set(thread, found);
    }
    return found;
  }

  define(name: string, members: Members): JavaObject {
    const cls = object({ $className: name, $n: name, ...members });
    this.#classes.set(name, cls);
    return cls;
  }

  /** Add a method with one overload, made of `types`, to a class that is made if it is missing. */
  add(cls: string, name: string, types: readonly string[], body: Body, owner = cls): FakeOverload {
    const found = this.#classes.get(cls) ?? this.define(cls, {});
    const overload = new FakeOverload(owner, types, body);
    const dispatcher = (found[name] ??= { overloads: [] }) as { overloads: FakeOverload[] };
    dispatcher.overloads.push(overload);
    return overload;
  }

  #use(name: string): JavaObject {
    const cls = this.#classes.get(name);
    if (cls === undefined) {
      throw new Error(`java.lang.ClassNotFoundException: ${name}`);
    }
    return cls;
  }

  seenBy(loader: JavaObject): FakeBridge {
    return loader["sees"] as FakeBridge;
  }

  perform<T>(fn: () => T): T {
    return fn();
  }

  cast(target: JavaObject): JavaObject {
    return target;
  }

  identity(target: Raw): number {
    let known = identity.get(target);
    if (known === undefined) {
      known = ++identities;
      identity.set(target, known);
    }
    return known;
  }

  bytes(array: Raw, offset: number, length: number): ArrayBuffer {
    return ((array as JavaObject)["content"] as Uint8Array).slice(offset, offset + length).buffer;
  }

  byteArray(length: number): Raw {
    return object({ content: new Uint8Array(length), length });
  }

  method(_cls: JavaObject, name: string): Getter {
    return (target, ...args: RawArgument[]) => (target as JavaObject)[name](...args);
  }

  field(_cls: JavaObject, name: string): (target: Raw) => unknown {
    return (target) => (target as JavaObject)[name].value;
  }

  maker(cls: JavaObject): () => Raw {
    return () => cls["$new"]() as Raw;
  }

  text(target: Raw): string {
    return String(target);
  }

  currentThread(): Raw {
    return this.javaThread();
  }

  stack(): () => string {
    const number = ++this.stacks;
    return () => `java.lang.Throwable\n\tat ${this.frame(number)}\n`;
  }

  hidesParameters(cls: JavaObject): boolean {
    return cls["hides"] === true;
  }

  methodsTaking(cls: JavaObject, types: readonly string[]): readonly string[] {
    return Object.entries(cls)
      .filter(([, member]) => ((member as { overloads?: FakeOverload[] } | null)?.overloads ?? []).some(
        (each) => each.argumentTypes.map((type) => type.className).join() === types.join(),
      ))
      .map(([name]) => name);
  }

  isStatic(cls: JavaObject, method: string): boolean {
    return (cls["statics"] as string[] | undefined)?.includes(method) ?? false;
  }

  threadId(): number {
    return this.thread;
  }

  now(): number {
    return this.time;
  }
}

/** A Java `byte[]`. */
export function javaArray(text: string): JavaObject {
  const content = encodeUtf8(text);
  return object({ content, length: content.length });
}

export function textOf(buffer: ArrayBuffer | null): string {
  return Buffer.from(buffer ?? new ArrayBuffer(0)).toString("utf8");
}
