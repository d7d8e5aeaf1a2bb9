// Opens the DevTools of the app's web pages, as a debuggable app has them, so that pages of a release app on a phone
// that was sold can be watched, too.
//
// In: the framework's own methods around the web view's engine. Out: nothing is recorded. The DevTools are a socket of
// the device's own, whose other end only adb may be (Chromium asks for the uid); the page itself cannot see them.

import { once, type Bridge, type JavaObject } from "./java.js";
import type { Observer, Target } from "./patch.js";

const VIEW = "android.webkit.WebView";
const SWITCH = "setWebContentsDebuggingEnabled";
const BOTH = ["art", "jvm"] as const;

export function pageTable(bridge: Bridge): readonly Target[] {
  const views = once(() => bridge.app.use(VIEW));
  const loopers = once(() => bridge.app.use("android.os.Looper"));
  let opened = false;

  /** The engine can be switched on the main thread only, which is where web views are made. */
  function open(): void {
    const main = loopers()["getMainLooper"]() as JavaObject | null;
    if (main !== null && main["isCurrentThread"]() === true) {
      opened = true;
      views()[SWITCH](true);
    }
  }

  /** Each web view that is made asks for the engine; so does who wants cookies, on any thread. */
  const asked: Observer = {
    after() {
      if (!opened) {
        open();
      }
    },
  };
  const switched: Observer = {
    after(call) {
      if (call.args[0] === false) {
        open();
      }
    },
  };
  const row = (cls: string, method: string, observe: Observer, overload: readonly string[]): Target => ({
    id: `${cls}.${method}`, layer: "origin", runtimes: BOTH, from: "app", cls, method, overload, observe,
  });
  return [row("android.webkit.WebViewFactory", "getProvider", asked, []), row(VIEW, SWITCH, switched, ["boolean"])];
}
