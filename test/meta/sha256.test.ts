import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sha256Hex } from "../../src/meta/sha256.ts";

fc.configureGlobal({ seed: 20261120 });

const native = async (text: string): Promise<string> =>
  Buffer.from(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))).toString("hex");

describe("sha256Hex", () => {
  it.each([
    ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    [
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    ],
  ])("gives NIST's digest of %j", (text, digest) => {
    expect(sha256Hex(text)).toBe(digest);
  });

  it("agrees with WebCrypto at every length around the block borders", async () => {
    for (let length = 50; length <= 130; length++) {
      const text = "x".repeat(length);
      expect(sha256Hex(text)).toBe(await native(text));
    }
  });

  it("agrees with WebCrypto on any text", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 400 }), async (text) => {
        expect(sha256Hex(text)).toBe(await native(text));
      }),
      { numRuns: 300 },
    );
  });
});
