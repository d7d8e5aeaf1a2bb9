// What the app hands to other processes of the device: providers, services, activities, the clipboard, media
// players, and other apps over Binder. Those send in its place, unseen.
//
// In: calls of the framework's own methods, below what apps call. What goes to the app itself is left out.

import { once, toNumber, type Bridge, type JavaObject } from "./java.js";
import type { Call, Observer, Target } from "./patch.js";
import type { Receiver, Recorder } from "./recorder.js";
import type { Runtime } from "./contract.js";
import type { Text } from "./text.js";
import type { Values } from "./values.js";

const BOTH = ["art", "jvm"] as const;
const INTENT = "android.content.Intent";
const URI = "android.net.Uri";
const BUNDLE = "android.os.Bundle";
const WEB = /^https?:\/\/([^/?#:@]+@)?([^/?#:]+)/i;
/** Descriptors of Binder interfaces that other companies' code listens on. */
const FOREIGN = /^(com\.google\.android\.gms|com\.google\.firebase|com\.android\.vending|com\.huawei|com\.facebook|com\.samsung)/;
const MAX_DESCRIPTORS = 5_000;

export function handoverTable(recorder: Recorder, values: Values, text: Text): readonly Target[] {
  const { bridge } = recorder;
  const own = once(() => ownPackage(bridge));
  const intents = once(() => bridge.app.use(INTENT));
  const uris = once(() => bridge.app.use(URI));

  function put(call: Call, receiver: Receiver, told: readonly unknown[]): void {
    const mine = own();
    if (mine === "" || receiver.package !== mine) {
      recorder.handover(call, "ipc", receiver, values.json(told));
    }
  }

  const intentAt = (call: Call): JavaObject | null => {
    const found = call.args.find((each) => isA(each, intents()));
    return found === undefined ? null : bridge.cast(found as JavaObject, intents());
  };

  /** An intent, wherever it stands among the arguments. */
  const intent: Observer = {
    before(call) {
      const sent = intentAt(call);
      if (sent !== null) {
        const data = sent["getData"]() as JavaObject | null;
        const told = [text(sent["getAction"]()), text(data), sent["getExtras"](), text(sent["getType"]())];
        put(call, receiverOf(sent, text(data)), told);
      }
    },
  };

  function receiverOf(sent: JavaObject, data: string): Receiver {
    const component = sent["getComponent"]() as JavaObject | null;
    const named = component === null ? text(sent["getPackage"]()) : text(component["getPackageName"]());
    // A browser goes there; which one, the device decides.
    const host = named === "" ? (WEB.exec(data)?.[2]?.toLowerCase() ?? "") : "";
    return { package: named === "" && host === "" ? text(sent["getAction"]()) : named, host };
  }

  const provider: Observer = {
    before(call) {
      const uri = call.args.find((each) => isA(each, uris()));
      if (uri !== undefined) {
        const authority = text(bridge.cast(uri as JavaObject, uris())["getAuthority"]());
        const mine = own();
        if (mine === "" || (authority !== mine && !authority.startsWith(`${mine}.`))) {
          put(call, { package: authority, host: "" }, call.args);
        }
      }
    },
  };

  const clipboard: Observer = {
    before(call) {
      const clip = call.args[0] as JavaObject;
      const items = Array.from({ length: toNumber(clip["getItemCount"]()) }, (_, index) => clip["getItemAt"](index) as JavaObject);
      put(call, { package: "android.content.ClipboardManager", host: "" }, [
        items.map((item) => [text(item["getText"]()), text(item["getUri"]())]),
      ]);
    },
  };

  const media: Observer = {
    before(call) {
      const told = call.args.map((each) => (typeof each === "string" ? each : isA(each, uris()) ? text(each) : null));
      const url = told.find((each) => each !== null && WEB.test(each)) ?? null;
      if (url !== null) {
        put(call, { package: "", host: WEB.exec(url)?.[2]?.toLowerCase() ?? "" }, [url]);
      }
    },
  };

  const descriptors = new Map<number, string>();
  /** A parcel's own format is not undone: texts are in it as UTF-16 and UTF-8. */
  const transact: Observer = {
    before(call) {
      const key = bridge.identity(call.self);
      let descriptor = descriptors.get(key);
      if (descriptor === undefined) {
        if (descriptors.size > MAX_DESCRIPTORS) {
          descriptors.clear();
        }
        descriptor = text(call.self["getInterfaceDescriptor"]());
        descriptors.set(key, descriptor);
      }
      const foreign = FOREIGN.exec(descriptor);
      if (foreign !== null) {
        recorder.parcel(call, { package: String(foreign[0]), host: "" }, parcelBytes(call.args[1] as JavaObject));
      }
    },
  };

  /** Null where the parcel holds what lives (a file, a binder) and cannot be copied. */
  function parcelBytes(parcel: JavaObject): ArrayBuffer | null {
    try {
      const bytes = parcel["marshall"]() as JavaObject;
      return bridge.bytes(bytes, 0, toNumber(bytes["length"]));
    } catch {
      return null;
    }
  }

  function isA(value: unknown, cls: JavaObject): boolean {
    return typeof value === "object" && value !== null && "$h" in value && cls["class"]["isInstance"](value) === true;
  }

  const row = (runtimes: readonly Runtime[], cls: string, method: string, observe: Target["observe"], overload?: readonly string[]): Target => ({
    id: `${cls}.${method}`,
    layer: "ipc",
    runtimes,
    from: "app",
    cls,
    method,
    ...(overload === undefined ? {} : { overload }),
    untouched: true,
    prepare: () => {
      values.prepare();
      intents();
      uris();
    },
    observe,
  });
  return [
    row(BOTH, "android.app.Activity", "startActivityForResult", intent, [INTENT, "int", BUNDLE]),
    row(BOTH, "android.app.ContextImpl", "startActivity", intent, [INTENT, BUNDLE]),
    row(BOTH, "android.app.ContextImpl", "startServiceCommon", intent),
    row(BOTH, "android.app.ContextImpl", "bindServiceCommon", intent),
    row(BOTH, "android.app.ContextImpl", "sendBroadcast", intent),
    row(BOTH, "android.app.ContextImpl", "sendOrderedBroadcast", intent),
    ...["insert", "update", "query", "call", "delete"].map((method) =>
      row(BOTH, "android.content.ContentResolver", method, provider),
    ),
    row(BOTH, "android.content.ClipboardManager", "setPrimaryClip", clipboard),
    row(BOTH, "android.media.MediaPlayer", "setDataSource", media),
    { ...row(["art"], "android.os.BinderProxy", "transact", transact), from: "boot" },
  ];
}

/** Empty while the app is not bound yet. */
function ownPackage(bridge: Bridge): string {
  return String(bridge.app.use("android.app.ActivityThread")["currentPackageName"]() ?? "");
}
