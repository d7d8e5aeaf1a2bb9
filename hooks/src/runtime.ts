// The real bridge: which runtime this is, which class loader knows the app, and how to make installed
// hooks safe.
//
// HotSpot: applying hooks leaves the agent's thread in a state in which the next garbage collection
// would wait for it forever, until that thread makes one ordinary call into the VM: the nudge. And a
// class that was never initialised must not be looked at through a loader: it is initialised first.

import Java from "frida-java-bridge";
import type { Runtime } from "./contract.js";
import { walkOnce, type VmApi } from "./hotspot.js";
import type { Bridge, Classes, JavaObject, Raw } from "./java.js";
import * as jni from "./jni.js";

/** A class that only an Android framework has. */
const FRAMEWORK_CLASS = "android.app.ActivityThread";

class LoaderClasses implements Classes {
  readonly #factory: Java.ClassFactory;
  readonly #loader: JavaObject | null;
  readonly #known = new Map<string, JavaObject>();

  constructor(factory: Java.ClassFactory, loader: JavaObject | null) {
    this.#factory = factory;
    this.#loader = loader;
  }

  /** The `java.lang.Class` object. */
  #find(name: string, initialise: boolean): JavaObject {
    const cls = Java.use("java.lang.Class");
    const forName = cls["forName"].overload("java.lang.String", "boolean", "java.lang.ClassLoader");
    return forName.call(cls, name, initialise, this.#loader) as JavaObject;
  }

  live(name: string): readonly JavaObject[] {
    const found: JavaObject[] = [];
    this.#factory.choose(name, {
      onMatch: (each) => void found.push(each as unknown as JavaObject),
      onComplete: () => undefined,
    });
    return found;
  }

  identity(name: string): number {
    try {
      const cls = this.#find(name, false);
      const hash = Number(Java.use("java.lang.System")["identityHashCode"](cls));
      cls["$dispose"]();
      return hash;
    } catch {
      return 0;
    }
  }

  has(name: string): boolean {
    try {
      const cls = this.#find(name, false);
      const found = cls["isInterface"]() !== true;
      cls["$dispose"]();
      return found;
    } catch {
      return false;
    }
  }

  link(name: string): JavaObject {
    let cls = this.#known.get(name);
    if (cls === undefined) {
      const found = this.#find(name, false);
      // Asking for its methods links a class; HotSpot's bridge must not look at one that is not.
      found["getDeclaredMethods"]();
      cls = this.#factory.use(name) as unknown as JavaObject;
      this.#known.set(name, cls);
    }
    return cls;
  }

  use(name: string): JavaObject {
    let cls = this.#known.get(name);
    if (cls === undefined) {
      this.#find(name, true)["$dispose"]();
      cls = this.#factory.use(name) as unknown as JavaObject;
      this.#known.set(name, cls);
    }
    return cls;
  }
}

export function runtimeOf(): Runtime {
  return (Java as unknown as { api: { flavor: string } }).api.flavor === "jvm" ? "jvm" : "art";
}

/**
 * Run `fn` once the app's class loader exists: at once (true), or later and before the app's first line
 * (false: the process was only just made, and has to run on until then).
 */
export function whenReady(fn: () => void): boolean {
  if (runtimeOf() === "jvm") {
    walkOnce((Java as unknown as { api: VmApi }).api);
    Java.performNow(fn);
    return true;
  }
  let ready = false;
  Java.performNow(() => {
    ready = adoptLoaderAtGate();
  });
  if (ready) {
    Java.performNow(fn);
  } else {
    Java.perform(fn);
  }
  return ready;
}

/**
 * An app that waits for its debugger is bound already but has no Application, for which the bridge
 * would wait: its loader can be had from the package that is being bound.
 */
function adoptLoaderAtGate(): boolean {
  if (Java.classFactory.loader !== null) {
    return true;
  }
  const activityThread = Java.use(FRAMEWORK_CLASS)["currentActivityThread"]() as JavaObject | null;
  const bound = (activityThread?.["mBoundApplication"].value ?? null) as JavaObject | null;
  const info = (bound?.["info"].value ?? null) as JavaObject | null;
  if (info === null) {
    return false;
  }
  (Java.classFactory as unknown as { loader: JavaObject }).loader = info["getClassLoader"]() as JavaObject;
  return true;
}

export function makeBridge(): Bridge {
  const boot = new LoaderClasses(bootFactory(), null);
  const loader = appLoader();
  const app = new LoaderClasses(Java.ClassFactory.get(loader as never), loader);
  const system = Java.use("java.lang.System") as unknown as JavaObject;
  const identity = jni.staticMethod(system, "identityHashCode", "(Ljava/lang/Object;)I");
  const thread = Java.use("java.lang.Thread") as unknown as JavaObject;
  const currentThread = jni.staticMethod(thread, "currentThread", "()Ljava/lang/Thread;");
  const text = jni.method(Java.use("java.lang.Object") as unknown as JavaObject, "toString", "()Ljava/lang/String;");
  const bridge: Bridge = {
    boot,
    app,
    seenBy: (other) => {
      const kept = Java.retain(Java.cast(other as never, Java.use("java.lang.ClassLoader"))) as unknown as JavaObject;
      return { ...bridge, app: new LoaderClasses(Java.ClassFactory.get(kept as never), kept) };
    },
    perform: <T>(fn: () => T): T => Java.performNow(fn as () => void) as unknown as T,
    cast: (object, cls) => Java.cast(object as never, cls as never) as unknown as JavaObject,
    identity: (object) => identity(object) as number,
    bytes: jni.bytes,
    byteArray: jni.byteArray,
    method: jni.method,
    field: jni.field,
    maker: jni.maker,
    text: (object) => String(text(object) ?? ""),
    currentThread: () => currentThread() as Raw,
    stack: jni.stackTaker(),
    hidesParameters,
    ...methodReader((object) => String(text(object) ?? "")),
    threadId: () => Process.getCurrentThreadId(),
    now: () => Date.now(),
  };
  return bridge;
}

function bootFactory(): Java.ClassFactory {
  return Java.classFactory;
}

/** The bridge goes by generic types, which leave out what the compiler adds. */
function hidesParameters(cls: JavaObject): boolean {
  const reflected = Java.use("java.lang.reflect.Constructor");
  const constructors = cls["class"]["getDeclaredConstructors"]() as JavaObject[];
  return constructors.some((each) => {
    const constructor = Java.cast(each as never, reflected) as unknown as JavaObject;
    return constructor["getParameterTypes"]().length !== constructor["getGenericParameterTypes"]().length;
  });
}

/** Answers questions about a class's own methods by what they print, which is one call for each of them. */
function methodReader(text: (object: Raw) => string): Pick<Bridge, "methodsTaking" | "isStatic"> {
  const known = new Map<JavaObject, readonly Declared[]>();
  function declared(cls: JavaObject): readonly Declared[] {
    let found = known.get(cls);
    if (found === undefined) {
      // Only the boot loader's bridge can hand out arrays of objects.
      const asked = Java.cast(cls["class"] as never, Java.use("java.lang.Class"));
      const methods = asked["getDeclaredMethods"]() as JavaObject[];
      found = methods.map((each) => parsed(text(each)));
      known.set(cls, found);
    }
    return found;
  }
  return {
    methodsTaking: (cls, types) => {
      const wanted = types.join(",");
      const names = declared(cls).filter((each) => each.types === wanted && !each.words.includes("abstract"));
      return [...new Set(names.map(({ name }) => name))];
    },
    isStatic: (cls, name) => declared(cls).some((each) => each.name === name && each.words.includes("static")),
  };
}

interface Declared {
  /** Modifiers and type of the result. */
  readonly words: readonly string[];
  readonly name: string;
  readonly types: string;
}

/** `public static int a.b.C.name(java.lang.String,int[]) throws X`. */
function parsed(printed: string): Declared {
  const open = printed.indexOf("(");
  const words = printed.slice(0, open).split(" ");
  const types = printed.slice(open + 1, printed.indexOf(")"));
  const name = (words.pop() ?? "").replace(/^.*\./, "");
  return { words, name, types: types === "" ? "" : types.split(",").map(classGetName).join(",") };
}

const LETTERS: Readonly<Record<string, string>> = {
  boolean: "Z", byte: "B", char: "C", double: "D", float: "F", int: "I", long: "J", short: "S",
};

/** `int[]` as `Class.getName` gives it: `[I`. */
function classGetName(type: string): string {
  const element = type.replace(/(\[\])+$/, "");
  const depth = (type.length - element.length) / 2;
  return depth === 0 ? type : "[".repeat(depth) + (LETTERS[element] ?? `L${element};`);
}

function appLoader(): JavaObject {
  if (runtimeOf() === "art") {
    return Java.classFactory.loader as unknown as JavaObject;
  }
  const candidates = contextLoaders();
  return candidates.find(seesFramework) ?? (Java.use("java.lang.ClassLoader")["getSystemClassLoader"]() as JavaObject);
}

/** Context class loaders of all threads, each once. */
function contextLoaders(): JavaObject[] {
  const loaders = Java.use("java.util.LinkedHashSet")["$new"]() as JavaObject;
  const thread = Java.use("java.lang.Thread");
  const threads = thread["getAllStackTraces"]()["keySet"]()["toArray"]() as JavaObject[];
  for (const each of threads) {
    const loader = (Java.cast(each as never, thread) as unknown as JavaObject)["getContextClassLoader"]() as JavaObject | null;
    if (loader !== null) {
      loaders["add"](loader);
    }
  }
  const loaderClass = Java.use("java.lang.ClassLoader");
  const found = loaders["toArray"]() as JavaObject[];
  return found.map((each) => Java.cast(each as never, loaderClass) as unknown as JavaObject);
}

function seesFramework(loader: JavaObject): boolean {
  try {
    loader["loadClass"].overload("java.lang.String").call(loader, FRAMEWORK_CLASS);
    return true;
  } catch {
    return false;
  }
}

/** Call `done` when hooks that were just installed or taken back are in force and safe. */
export function nudge(done: () => void): void {
  setTimeout(() => {
    Java.performNow(() => {
      (Java.use("java.lang.Object")["$new"]() as JavaObject)["$dispose"]();
    });
    done();
  }, 0);
}

/** A Java `byte[]` with these bytes. */
export function javaBytes(bytes: Uint8Array): unknown {
  return Java.array("byte", Array.from(bytes, (byte) => (byte << 24) >> 24));
}
