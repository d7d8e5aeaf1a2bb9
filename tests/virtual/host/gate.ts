// Attached while the app process stands at its gate: hooks a framework class and a class of the app
// that has not run yet, then reports each call with what it saw.
import Java from "frida-java-bridge";

type Klass = any; // what the bridge hands out has no static type

const FRAMEWORK = "com.android.okhttp.internal.huc.HttpURLConnectionImpl";
const APP = "org.example.probe.ProbeApp";

function sandboxFactory(): Java.ClassFactory {
  const Thread: Klass = Java.use("java.lang.Thread");
  for (const each of Thread.getAllStackTraces().keySet().toArray()) {
    const thread: Klass = Java.cast(each, Thread);
    if (thread.getName() === "main" && thread.getContextClassLoader() !== null) {
      const loader: Klass = thread.getContextClassLoader();
      if (String(loader.getClass().getName()).endsWith("OpenLoader")) {
        return Java.ClassFactory.get(loader);
      }
    }
  }
  throw new Error("no thread named main with the sandbox's class loader");
}

/** Linked but not initialised: the app's own static initialisers must not run yet. */
function linked(factory: Java.ClassFactory, name: string): Klass {
  const loader: Klass = factory.loader;
  const lookup: Klass = Java.use("java.lang.Class");
  lookup.forName.overload("java.lang.String", "boolean", "java.lang.ClassLoader")
    .call(lookup, name, false, loader)
    .getDeclaredMethods();
  return factory.use(name);
}

rpc.exports = {
  install(): Promise<string[]> {
    return new Promise((resolve, reject) => {
      Java.perform(() => {
        try {
          const factory = sandboxFactory();
          const found: string[] = [];
          const connection = linked(factory, FRAMEWORK);
          const input = connection.getInputStream.overload();
          input.implementation = function (this: Klass) {
            send({ hook: "getInputStream", url: String(this.getURL()) });
            return input.call(this);
          };
          found.push(FRAMEWORK);
          const app = linked(factory, APP);
          const onCreate = app.onCreate.overload();
          onCreate.implementation = function (this: Klass) {
            send({ hook: "onCreate" });
            onCreate.call(this);
          };
          found.push(APP);
          // After a batch of hooks the thread must go through Java once more, or the next safepoint
          // of HotSpot waits for ever.
          setTimeout(() => Java.perform(() => {
            Java.use("java.lang.Object").$new().$dispose();
            resolve(found);
          }), 0);
        } catch (error) {
          reject(error);
        }
      });
    });
  },
};
