// The one place where Java objects are untyped: the bridge makes their members at run time.

import type JavaBridge from "frida-java-bridge";

/** A wrapper of a Java object or class; members are methods and `Field`s by their Java names. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type JavaObject = Record<string, any> & Raw;

/** A bare handle; anything with one will do. */
export interface Raw {
  readonly $h: NativePointer;
}

export type RawArgument = Raw | number;

/** A method that was looked up: text for a String, `Raw | null` for another object, else a number. */
export type Getter = (object: Raw, ...args: RawArgument[]) => unknown;

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
  /** Whether there is such a class, which is neither an interface nor initialised by the question. */
  has(name: string): boolean;
  /** All objects of this class and its heirs that are alive. Slow. */
  live(name: string): readonly JavaObject[];
  /** Identity of the class object, 0 where there is none; the class is not initialised by the question. */
  identity(name: string): number;
  /** Wrapper of the class, which is made ready for hooks and not initialised. */
  link(name: string): JavaObject;
}

/** What the agent needs of the bridge; a fake of it serves the tests. */
export interface Bridge {
  readonly boot: Classes;
  readonly app: Classes;
  /** The same VM as another class loader sees it; keeps the loader. */
  seenBy(loader: JavaObject): Bridge;
  /** Run `fn` with this thread attached to the VM. */
  perform<T>(fn: () => T): T;
  cast(object: JavaObject, cls: JavaObject): JavaObject;
  /** `System.identityHashCode`. */
  identity(object: Raw): number;
  /** Bytes of a `byte[]`. */
  bytes(array: Raw, offset: number, length: number): ArrayBuffer;
  /** A new `byte[]`. */
  byteArray(length: number): Raw;
  /** A method by its JNI signature; throws where the class has none. Only for use inside hooks. */
  method(cls: JavaObject, name: string, signature: string): Getter;
  field(cls: JavaObject, name: string, type: string): (object: Raw) => unknown;
  maker(cls: JavaObject, signature: string): (...args: RawArgument[]) => Raw;
  /** `toString()` of an object, exactly. */
  text(object: Raw): string;
  /** The Java object of this thread. */
  currentThread(): Raw;
  /** The stack of this thread; the function that is returned makes it into text, once. */
  stack(): () => string;
  /**
   * Whether a constructor of the class has parameters that the bridge does not know of (the outer object
   * of an inner class): hooking it would pass wrong arguments to the original.
   */
  hidesParameters(cls: JavaObject): boolean;
  /** Names of the class's own methods that take exactly these types and have code. */
  methodsTaking(cls: JavaObject, types: readonly string[]): readonly string[];
  isStatic(cls: JavaObject, method: string): boolean;
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

/** What `make` gives, made at the first call. */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}
