// Native libraries that an app brings along and that can send by themselves, past all hooks on Java.
//
// In: the modules of the process. Out: names. Only the app's own: Android's are what Java's classes work with. But
// Android's web view has a network stack of its own, and is loaded by who first uses one.

/** HTTP stacks, TLS libraries and runtimes with a network of their own. */
const SENDERS =
  /^lib(\w*cronet[\w.-]*|flutter|curl[\w.-]*|gojni|unity|il2cpp|nghttp[23]|quiche|rustls[\w-]*|websockets|mosquitto|zmq|nats|grpc[\w+-]*|ssl[\w.-]*|boringssl[\w-]*|mbedtls|wolfssl|httpclient[\w-]*|hermes_http)\.so(\.\d+)*$/i;
/** In the standalone web view and in Chrome's and Trichrome's (WebViewFactory.getWebViewLibrary); its loader is not it. */
const WEB_ENGINE = /^lib(webviewchromium|monochrome(_(32|64))?)\.so$/;
const PLATFORM = /^\/(system|apex|vendor|product|odm)\//;

export interface LoadedModule {
  readonly name: string;
  readonly path: string;
}

export function sendersAmong(modules: readonly LoadedModule[]): string[] {
  const found = modules.filter(
    ({ name, path }) => WEB_ENGINE.test(name) || (SENDERS.test(name) && !PLATFORM.test(path)),
  );
  return [...new Set(found.map(({ name }) => name))].sort();
}
