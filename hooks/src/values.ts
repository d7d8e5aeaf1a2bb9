// What an app hands over, as JSON: texts, numbers, maps, lists, bundles, and the fields of other objects.
//
// In: arguments of a hooked call. Out: JSON text. Only what can hold text that somebody typed is told; an
// object of an unknown class is read field by field, never by a method of its own but `toString` of texts.

import { once, toNumber, type Bridge, type JavaObject } from "./java.js";
import type { Text } from "./text.js";

const MAX_DEPTH = 5;
const MAX_VALUES = 300;
const MAX_TEXT = 64 << 10;
const STATIC = 8;
/** Classes whose fields say nothing about what the app hands over. */
const OPAQUE = /^(java|javax|android|androidx|kotlin|kotlinx|dalvik|sun|jdk)\./;
/** Lambdas and their like refer to half of the app. */
const UNNAMED = /\$\$Lambda|\$\d+$/;

type Json = null | string | number | boolean | Json[] | { [key: string]: Json };

interface Budget {
  left: number;
}

export class Values {
  readonly #bridge: Bridge;
  readonly #text: Text;
  readonly #types = once(() => new Types(this.#bridge));

  constructor(bridge: Bridge, text: Text) {
    this.#bridge = bridge;
    this.#text = text;
  }

  /** Look up classes; not to be done first inside a hook. */
  prepare(): void {
    this.#types();
  }

  json(args: readonly unknown[]): string {
    const budget = { left: MAX_VALUES };
    return JSON.stringify(args.map((each) => this.#value(each, 0, budget)));
  }

  #value(value: unknown, depth: number, budget: Budget): Json {
    if (value === null || value === undefined || budget.left-- <= 0 || depth > MAX_DEPTH) {
      return null;
    }
    if (typeof value === "string") {
      return value.slice(0, MAX_TEXT);
    }
    if (typeof value === "number" || typeof value === "boolean") {
      return value;
    }
    if (Array.isArray(value)) {
      return value.map((each) => this.#value(each, depth + 1, budget));
    }
    if (!("$h" in (value as object))) {
      return String(value); // a long
    }
    return this.#object(value as JavaObject, depth, budget);
  }

  #object(value: JavaObject, depth: number, budget: Budget): Json {
    const types = this.#types();
    const is = (cls: JavaObject | null): boolean => cls !== null && cls["class"]["isInstance"](value) === true;
    const deeper = (each: unknown): Json => this.#value(each, depth + 1, budget);
    if (types.texts.some(is)) {
      return this.#text(value).slice(0, MAX_TEXT);
    }
    if (is(types.map)) {
      return this.#map(this.#bridge.cast(value, types.map), deeper);
    }
    if (is(types.collection)) {
      return (this.#bridge.cast(value, types.collection)["toArray"].overload().call(value) as unknown[]).map(deeper);
    }
    if (types.bundle !== null && is(types.bundle)) {
      return this.#bundle(this.#bridge.cast(value, types.bundle), deeper);
    }
    // Only the boot loader's bridge can hand out arrays of objects.
    const cls = this.#bridge.cast(value["getClass"]() as JavaObject, types.cls);
    if (cls["isArray"]() === true) {
      return null; // of numbers: bytes are seen where they are sent
    }
    return this.#fields(value, cls, deeper);
  }

  #map(map: JavaObject, deeper: (value: unknown) => Json): Json {
    const told: { [key: string]: Json } = {};
    const entries = (map["entrySet"]() as JavaObject)["toArray"].overload().call(map["entrySet"]()) as JavaObject[];
    for (const each of entries.slice(0, MAX_VALUES)) {
      const entry = this.#bridge.cast(each, this.#types().entry);
      told[this.#text(entry["getKey"]())] = deeper(entry["getValue"]());
    }
    return told;
  }

  #bundle(bundle: JavaObject, deeper: (value: unknown) => Json): Json {
    const told: { [key: string]: Json } = {};
    const set = this.#bridge.cast(bundle["keySet"]() as JavaObject, this.#types().collection);
    for (const key of set["toArray"].overload().call(set) as unknown[]) {
      told[this.#text(key)] = deeper(bundle["get"](this.#text(key)));
    }
    return told;
  }

  #fields(value: JavaObject, cls: JavaObject, deeper: (value: unknown) => Json): Json {
    const told: { [key: string]: Json } = {};
    for (let each: JavaObject | null = cls; each !== null; each = each["getSuperclass"]() as JavaObject | null) {
      const name = String(each["getName"]());
      if (OPAQUE.test(name) || UNNAMED.test(name)) {
        break;
      }
      for (const declared of each["getDeclaredFields"]() as JavaObject[]) {
        const field = this.#bridge.cast(declared, this.#types().field);
        const type = field["getType"]() as JavaObject;
        if ((toNumber(field["getModifiers"]()) & STATIC) === 0 && type["isPrimitive"]() !== true) {
          field["setAccessible"](true);
          told[String(field["getName"]())] = deeper(field["get"](value));
        }
      }
    }
    return Object.keys(told).length === 0 ? null : told;
  }
}

class Types {
  readonly texts: readonly (JavaObject | null)[];
  readonly cls: JavaObject;
  readonly map: JavaObject;
  readonly entry: JavaObject;
  readonly collection: JavaObject;
  readonly field: JavaObject;
  readonly bundle: JavaObject | null;

  constructor(bridge: Bridge) {
    const optional = (name: string): JavaObject | null => {
      try {
        return bridge.app.use(name);
      } catch {
        return null;
      }
    };
    const { boot } = bridge;
    this.cls = boot.use("java.lang.Class");
    this.map = boot.use("java.util.Map");
    this.entry = boot.use("java.util.Map$Entry");
    this.collection = boot.use("java.util.Collection");
    this.field = boot.use("java.lang.reflect.Field");
    this.bundle = optional("android.os.BaseBundle");
    this.texts = [
      ...["java.lang.CharSequence", "java.lang.Number", "java.lang.Boolean", "java.lang.Enum", "java.lang.Throwable"].map(
        (name) => boot.use(name),
      ),
      ...["java.net.URL", "java.net.URI", "java.util.Date", "java.util.UUID", "java.util.Locale"].map((name) => boot.use(name)),
      ...["org.json.JSONObject", "org.json.JSONArray", "android.net.Uri", "android.content.ContentValues", "com.google.gson.JsonElement"].map(optional),
    ];
  }
}
