import assert from "node:assert/strict";
import { test } from "node:test";
import { sendersAmong } from "../../hooks/src/native.js";

test("libraries with a network of their own are named, Android's and harmless ones are not", () => {
  const app = "/data/app/~~x==/org.example-y==/lib/arm64/";
  const names = ["libflutter.so", "libcronet.121.0.6167.71.so", "libcurl.so", "libssl.so.1.1", "libgojni.so", "libunity.so"];
  const harmless = ["libsqlcipher.so", "libc++_shared.so", "libconscrypt_jni.so", "libwebp.so", "libflutterwave.so"];
  const modules = [...names, ...harmless, "libcurl.so"].map((name) => ({ name, path: app + name }));
  modules.push({ name: "libssl.so", path: "/apex/com.android.conscrypt/lib64/libssl.so" });
  assert.deepEqual(sendersAmong(modules), [...names].sort());
});

test("the web view's engine is named wherever it lies, its loader is not", () => {
  const engine = ["/product/app/webview/webview.apk!/lib/arm64-v8a/libwebviewchromium.so",
    "/data/app/~~z==/com.google.android.trichromelibrary-w==/base.apk!/lib/arm64-v8a/libmonochrome_64.so"];
  const loader = ["/system/lib64/libwebviewchromium_loader.so", "/system/lib64/libwebviewchromium_plat_support.so"];
  const modules = [...engine, ...loader].map((path) => ({ name: path.slice(path.lastIndexOf("/") + 1), path }));
  assert.deepEqual(sendersAmong(modules), ["libmonochrome_64.so", "libwebviewchromium.so"]);
});
