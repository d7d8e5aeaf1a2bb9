// The one place where Java objects are untyped: the bridge makes their members at run time.

import type JavaBridge from "frida-java-bridge";

/** A wrapper of a Java object or class; members are methods and `Field`s by their Java names. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type JavaObject = Record<string, any>;

/** One overload of a method, as the bridge hands it out. */
export interface Overload {
  implementation: ((this: JavaObject, ...args: unknown[]) => unknown) | null;
  readonly argumentTypes: readonly { readonly className: string }[];
  /** The class that declares it, which may be a base class of the one that was asked. */
  readonly holder: { readonly $n: string };
  apply(receiver: JavaObject, args: readonly unknown[]): unknown;
}

/** Finds classes as one class loader sees them. */
export interface Classes {
  /** Wrapper of the class, initialised if it was not; throws when there is none. */
  use(name: string): JavaObject;
}

/** What the agent needs of the bridge; a fake of it serves the tests. */
export interface Bridge {
  readonly boot: Classes;
  readonly app: Classes;
  /** Run `fn` with this thread attached to the VM. */
  perform<T>(fn: () => T): T;
  cast(object: JavaObject, cls: JavaObject): JavaObject;
  /** `System.identityHashCode`. */
  identity(object: JavaObject): number;
  /** Bytes of a `byte[]`. */
  bytes(array: JavaObject, offset: number, length: number): ArrayBuffer;
  /**
   * Whether a constructor of the class has parameters that the bridge does not know of (the outer object
   * of an inner class): hooking it would pass wrong arguments to the original.
   */
  hidesParameters(cls: JavaObject): boolean;
  threadId(): number;
  now(): number;
}

export type JavaModule = typeof JavaBridge;

/** A Java `long` or `int` as the bridge passes it. */
export function toNumber(value: unknown): number {
  return typeof value === "number" ? value : Number(String(value));
}

/** Name and message of what a hooked method threw, as Java prints it. */
export function thrownText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
