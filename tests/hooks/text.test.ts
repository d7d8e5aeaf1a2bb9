import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeUtf8 } from "../../hooks/src/text.js";

// Node's own encoder, which neither side wrote, is the reference.
const SAMPLES = ["", "plain", "hépatite", "e\u0301", "Grüße %s & 100 % 😀 肝炎", "\u{10ffff}\u07ff\u0800\uffff", "👩‍👩‍👧"];

test("UTF-8 as Node encodes it", () => {
  for (const sample of SAMPLES) {
    assert.deepEqual(encodeUtf8(sample), new Uint8Array(new TextEncoder().encode(sample)), sample);
  }
});

test("a lone surrogate becomes the replacement character", () => {
  assert.deepEqual([...encodeUtf8("a\ud83d")], [0x61, 0xef, 0xbf, 0xbd]);
});
