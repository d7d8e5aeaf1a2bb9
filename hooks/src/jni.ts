// Quick ways into the VM for code that runs inside hooks.
//
// The bridge's wrappers are general and cost ten times as much as the JNI call they make. Here a method
// is looked up once and then called with bare handles. Local references that a call returns live until
// the hook returns; on the agent's own thread nothing but text may be asked for. Texts are read as
// UTF-16, so characters outside the Basic Multilingual Plane arrive unharmed.

import Java from "frida-java-bridge";
import type { Getter, JavaObject, Raw, RawArgument } from "./java.js";

interface Env {
  readonly handle: NativePointer;
  getMethodId(cls: NativePointer, name: string, signature: string): NativePointer;
  getStaticMethodId(cls: NativePointer, name: string, signature: string): NativePointer;
  getFieldId(cls: NativePointer, name: string, signature: string): NativePointer;
  vaMethod(type: string, args: readonly string[]): RawCall;
  staticVaMethod(type: string, args: readonly string[]): RawCall;
  constructor(args: readonly string[]): RawCall;
  getField(type: string): RawCall;
  getByteArrayRegion(array: NativePointer, start: number, length: number, to: NativePointer): void;
  newByteArray(length: number): NativePointer;
  getStringLength(text: NativePointer): number;
  getStringChars(text: NativePointer): NativePointer;
  releaseStringChars(text: NativePointer, chars: NativePointer): void;
  newGlobalRef(object: NativePointer): NativePointer;
  deleteGlobalRef(object: NativePointer): void;
  deleteLocalRef(object: NativePointer): void;
  throwIfExceptionPending(): void;
}

type RawCall = (env: NativePointer, receiver: NativePointer, id: NativePointer, ...args: unknown[]) => unknown;

const STRING = "Ljava/lang/String;";
const NATIVE: Readonly<Record<string, string>> = { Z: "uint8", I: "int32", J: "int64", V: "void" };

export function currentEnv(): Env {
  return Java.vm.getEnv() as unknown as Env;
}

/** The wrappers whose references must not go while we use their handles. */
const pinned = new Map<JavaObject, JavaObject>();

/** The `java.lang.Class` object behind a class wrapper. */
function handleOf(cls: JavaObject): NativePointer {
  let object = pinned.get(cls);
  if (object === undefined) {
    object = cls["class"] as JavaObject;
    pinned.set(cls, object);
  }
  return object.$h;
}

function nativeType(signature: string): string {
  return NATIVE[signature] ?? "pointer";
}

function split(signature: string): { args: string[]; result: string } {
  const end = signature.indexOf(")");
  const args = signature.slice(1, end).match(/\[*(?:L[^;]+;|[A-Z])/g) ?? [];
  return { args, result: signature.slice(end + 1) };
}

function passed(argument: RawArgument): unknown {
  return typeof argument === "number" ? argument : argument.$h;
}

/** What a call returned, as `result` (a type signature) says. */
function received(env: Env, result: string, value: unknown): unknown {
  env.throwIfExceptionPending();
  if (nativeType(result) !== "pointer") {
    return result === "Z" ? value !== 0 : value;
  }
  const handle = value as NativePointer;
  if (handle.isNull()) {
    return null;
  }
  return result === STRING ? taken(env, handle) : { $h: handle };
}

/** Text of a local reference to a string, which is given up. */
function taken(env: Env, handle: NativePointer): string {
  const length = env.getStringLength(handle);
  const chars = env.getStringChars(handle);
  try {
    return length === 0 ? "" : fromUtf16(chars.readByteArray(length * 2) ?? new ArrayBuffer(0));
  } finally {
    env.releaseStringChars(handle, chars);
    env.deleteLocalRef(handle);
  }
}

/** Arguments of one call must stay few. */
const PIECE = 8_192;

function fromUtf16(bytes: ArrayBuffer): string {
  const units = new Uint16Array(bytes);
  let text = "";
  for (let at = 0; at < units.length; at += PIECE) {
    text += String.fromCharCode(...units.subarray(at, at + PIECE));
  }
  return text;
}

/** A method of `cls` by its JNI signature; throws where there is none. */
export function method(cls: JavaObject, name: string, signature: string): Getter {
  const { args, result } = split(signature);
  const env = currentEnv();
  const id = env.getMethodId(handleOf(cls), name, signature);
  env.throwIfExceptionPending();
  const invoke = env.vaMethod(nativeType(result), args.map(nativeType));
  return (object, ...given) => {
    const current = currentEnv();
    return received(current, result, invoke(current.handle, object.$h, id, ...given.map(passed)));
  };
}

export function staticMethod(cls: JavaObject, name: string, signature: string): (...args: RawArgument[]) => unknown {
  const { args, result } = split(signature);
  const env = currentEnv();
  const id = env.getStaticMethodId(handleOf(cls), name, signature);
  env.throwIfExceptionPending();
  const invoke = env.staticVaMethod(nativeType(result), args.map(nativeType));
  const receiver = handleOf(cls);
  return (...given) => {
    const current = currentEnv();
    return received(current, result, invoke(current.handle, receiver, id, ...given.map(passed)));
  };
}

export function field(cls: JavaObject, name: string, type: string): (object: Raw) => unknown {
  const env = currentEnv();
  const id = env.getFieldId(handleOf(cls), name, type);
  env.throwIfExceptionPending();
  const read = env.getField(nativeType(type));
  return (object) => {
    const current = currentEnv();
    return received(current, type, read(current.handle, object.$h, id));
  };
}

export function maker(cls: JavaObject, signature: string): (...args: RawArgument[]) => Raw {
  const { args } = split(signature);
  const env = currentEnv();
  const id = env.getMethodId(handleOf(cls), "<init>", signature);
  env.throwIfExceptionPending();
  const invoke = env.constructor(args.map(nativeType));
  const receiver = handleOf(cls);
  return (...given) => {
    const current = currentEnv();
    const handle = invoke(current.handle, receiver, id, ...given.map(passed)) as NativePointer;
    current.throwIfExceptionPending();
    return { $h: handle };
  };
}

/** Copies only what is asked for and writes nothing back, unlike the bridge's own element access. */
export function bytes(array: Raw, offset: number, length: number): ArrayBuffer {
  if (length === 0) {
    return new ArrayBuffer(0);
  }
  const env = currentEnv();
  const copy = Memory.alloc(length);
  env.getByteArrayRegion(array.$h, offset, length, copy);
  env.throwIfExceptionPending();
  return copy.readByteArray(length) ?? new ArrayBuffer(0);
}

export function byteArray(length: number): Raw {
  const env = currentEnv();
  const handle = env.newByteArray(length);
  env.throwIfExceptionPending();
  return { $h: handle };
}

/** Takes the stack of the calling thread; the function that is returned makes it into text, once. */
export function stackTaker(): () => () => string {
  const throwable = Java.use("java.lang.Throwable") as unknown as JavaObject;
  const makeThrowable = maker(throwable, "()V");
  const print = method(throwable, "printStackTrace", "(Ljava/io/PrintWriter;)V");
  const stringWriter = Java.use("java.io.StringWriter") as unknown as JavaObject;
  const makeText = maker(stringWriter, "()V");
  const textOf = method(stringWriter, "toString", `()${STRING}`);
  const makePrinter = maker(Java.use("java.io.PrintWriter") as unknown as JavaObject, "(Ljava/io/Writer;)V");

  function printed(handle: NativePointer): string {
    const env = currentEnv();
    const text = makeText();
    const printer = makePrinter(text);
    try {
      print({ $h: handle }, printer);
      return String(textOf(text));
    } finally {
      // This runs on the agent's own thread, where no hook's end frees them.
      env.deleteLocalRef(printer.$h);
      env.deleteLocalRef(text.$h);
    }
  }

  return () => {
    const env = currentEnv();
    const local = makeThrowable();
    const kept = env.newGlobalRef(local.$h);
    env.deleteLocalRef(local.$h);
    const print = (): string => printed(kept);
    // Most stacks are never made into text: the reference goes with the function.
    Script.bindWeak(print, () => Java.performNow(() => currentEnv().deleteGlobalRef(kept)));
    return print;
  };
}
