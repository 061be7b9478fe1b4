import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import {
  importAppSecrets,
  MAX_ESCAPED_BODY_BYTES,
  parseAppSecrets,
  sign,
  type SignatureFailure,
  verifySignature,
} from "../../src/meta/signature.ts";
import type { Proof } from "../../src/core/event.ts";
import type { Result } from "../../src/core/result.ts";

const SECRET = "test_app_secret_not_real";
const WIRE = new Uint8Array(readFileSync(new URL("../payloads/instagram.messages.wire_escaped.json", import.meta.url)));

// test/payloads/README.md, "Signature vectors"
const VECTORS = {
  exactBytes: "sha256=39e8403ab55293e1b346e3b817b1416cfa8219fa722217febd1a1f228a664ae7",
  sha1: "sha1=d0ccf0b12ff28678a0dc4b5b389551636c4f647d",
  reserialized: "sha256=018392a24a043e51c6785451c30608eb0abbc3766aa4cd45f992df46708a3b09",
  reserializedEscaped: "sha256=b88562d89dc6d6b60f169f4ee3b4b1d3c982787cba4a6b4778641b0ef29c29a5",
};

const bytes = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(new TextEncoder().encode(text));
const hmac = (body: Uint8Array, secret = SECRET): string =>
  `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;

async function verify(
  body: Uint8Array<ArrayBuffer>,
  signature: string | null,
  { secrets = `instagram:${SECRET}`, sha1 = null as string | null, contentLength = null as string | null } = {},
): Promise<Result<Proof, SignatureFailure>> {
  const delivery = { signature, sha1Signature: sha1, contentLength, body };
  return verifySignature(delivery, await importAppSecrets(secrets));
}

const failure = (reason: SignatureFailure["reason"]) => ({ ok: false, error: { reason } });

fc.configureGlobal({ seed: 20261120 });

describe("a signature", () => {
  it("proves the exact bytes of the wire", async () => {
    expect(WIRE.length).toBe(433);
    expect(await verify(WIRE, VECTORS.exactBytes)).toEqual({ ok: true, value: { secret: "instagram", form: "raw" } });
  });

  it.each(["reserialized", "reserializedEscaped"] as const)("made over the %s form proves nothing", async (vector) => {
    expect(await verify(WIRE, VECTORS[vector])).toEqual(failure("wrong_secret"));
  });

  it("made over the escaped form proves a body that arrives in UTF-8", async () => {
    const decoded = bytes('{"text":"Grüße aus Köln 🙏"}');
    const escaped = bytes('{"text":"Gr\\u00fc\\u00dfe aus K\\u00f6ln \\ud83d\\ude4f"}');
    expect(await verify(decoded, hmac(escaped))).toEqual({ ok: true, value: { secret: "instagram", form: "escaped" } });
  });

  it("made over upper-case escapes does not", async () => {
    const signature = hmac(bytes('{"text":"Gr\\u00FC\\u00DFe"}'));
    expect(await verify(bytes('{"text":"Grüße"}'), signature)).toEqual(failure("re_encoded"));
  });

  it("is what a signer makes, for any bytes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (array) => {
        const body = new Uint8Array(array);
        const signature = await sign(body, SECRET);
        expect(signature).toBe(hmac(body));
        expect(await verify(body, signature)).toMatchObject({ ok: true, value: { form: "raw" } });
      }),
      { numRuns: 50 },
    );
  });

  it("does not survive the change of any one bit", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(WIRE.length * 8 - 1), async (bit) => {
        const changed = WIRE.slice();
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect((await verify(changed, VECTORS.exactBytes)).ok).toBe(false);
      }),
      { numRuns: 100 },
    );
  });
});

describe("several secrets", () => {
  it("are all tried, and the one that matched is named", async () => {
    const secrets = `instagram:first,${SECRET},meta:third`;
    expect(await verify(WIRE, VECTORS.exactBytes, { secrets })).toMatchObject({ value: { secret: "secret2" } });
    expect(await verify(WIRE, hmac(WIRE, "third"), { secrets })).toMatchObject({ value: { secret: "meta" } });
  });

  it("are split at commas, with or without labels and spaces", () => {
    expect(parseAppSecrets(" instagram:0a1b , 2c3d,,meta: 4e5f,")).toEqual([
      { label: "instagram", secret: "0a1b" },
      { label: "secret2", secret: "2c3d" },
      { label: "meta", secret: "4e5f" },
    ]);
  });

  it("may hold colons of their own behind the label, and digits make no label", () => {
    expect(parseAppSecrets("meta:a:b,1:c")).toEqual([
      { label: "meta", secret: "a:b" },
      { label: "secret2", secret: "1:c" },
    ]);
  });

  it.each(["", " ", ",", "meta:", "meta: ,"])("are none in %j", (setting) => {
    expect(parseAppSecrets(setting)).toEqual([]);
  });
});

describe("a refusal", () => {
  it("tells a missing signature from one in SHA-1 only", async () => {
    expect(await verify(WIRE, null)).toEqual(failure("missing"));
    expect(await verify(WIRE, null, { sha1: VECTORS.sha1 })).toEqual(failure("sha1_only"));
  });

  it.each([
    "",
    "sha256=",
    VECTORS.sha1,
    VECTORS.exactBytes.slice(7),
    VECTORS.exactBytes.slice(0, -1),
    `${VECTORS.exactBytes}0`,
    ` ${VECTORS.exactBytes}`,
    `sha256=${VECTORS.exactBytes.slice(7).toUpperCase()}`,
    VECTORS.exactBytes.replace("39", "3g"),
    `${VECTORS.exactBytes}, ${VECTORS.exactBytes}`,
  ])("calls %j malformed", async (signature) => {
    expect(await verify(WIRE, signature)).toEqual(failure("malformed"));
  });

  it("suspects the secret when the body is in Meta's form", async () => {
    expect(await verify(WIRE, hmac(WIRE, "another"))).toEqual(failure("wrong_secret"));
  });

  it("suspects a truncated body when the announced length is another", async () => {
    const cut = WIRE.slice(0, 400);
    expect(await verify(cut, VECTORS.exactBytes, { contentLength: "433" })).toEqual(failure("truncated"));
  });

  const parsed: unknown = JSON.parse(new TextDecoder().decode(WIRE));
  it.each([
    ["decoded to UTF-8", JSON.stringify(parsed)],
    ["pretty-printed", JSON.stringify(parsed, null, 2)],
    ["spaced after colons", '{"object": "instagram", "entry": []}'],
    ["with a line break at the end", '{"object":"instagram"}\n'],
    ["with plain slashes", '{"url":"https://shop.example"}'],
  ])("suspects something on the way when the body is %s", async (_, text) => {
    expect(await verify(bytes(text), VECTORS.exactBytes)).toEqual(failure("re_encoded"));
  });

  it("suspects something on the way when the body is not even UTF-8", async () => {
    expect(await verify(new Uint8Array([0x7b, 0xff, 0x7d]), VECTORS.exactBytes)).toEqual(failure("re_encoded"));
  });
});

describe("the cost of a refusal", () => {
  const WRONG = `sha256=${"0".repeat(64)}`;
  const TWO = "instagram:first,meta:second";

  /** Bytes that are hashed to refuse this body, in order. */
  async function hashed(body: Uint8Array<ArrayBuffer>, secrets = TWO): Promise<number[]> {
    const verifying = vi.spyOn(crypto.subtle, "verify");
    try {
      expect((await verify(body, WRONG, { secrets })).ok).toBe(false);
      return verifying.mock.calls.map(([, , , data]) => data.byteLength);
    } finally {
      verifying.mockRestore();
    }
  }

  it("is one hash per secret for a body in ASCII", async () => {
    expect(await hashed(bytes("a".repeat(1_000)))).toEqual([1_000, 1_000]);
  });

  it("is one more of the escaped form per secret for a body with other characters", async () => {
    expect(await hashed(bytes("é".repeat(500)))).toEqual([1_000, 1_000, 3_000, 3_000]);
  });

  it("does not include the escaped form of a large body", async () => {
    const atLimit = bytes("é".repeat(MAX_ESCAPED_BODY_BYTES / 2));
    expect(await hashed(atLimit)).toHaveLength(4);
    expect(await hashed(bytes("é".repeat(MAX_ESCAPED_BODY_BYTES / 2 + 1)))).toHaveLength(2);
  });

  it("decodes only the start of a large body to find the cause", async () => {
    const decoding = vi.spyOn(TextDecoder.prototype, "decode");
    try {
      expect(await verify(bytes("é".repeat(2 * 1024 * 1024)), WRONG)).toEqual(failure("re_encoded"));
      const decoded = decoding.mock.calls.map(([data]) => data?.byteLength ?? 0);
      expect(decoded.reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(64 * 1024);
    } finally {
      decoding.mockRestore();
    }
  });

  it("finds the same cause when the start ends inside a character", async () => {
    expect(await verify(bytes(`{"text":"${"€".repeat(400_000)}"}`), WRONG)).toEqual(failure("re_encoded"));
    expect(await verify(bytes(`{"text":"${"a".repeat(400_000)}"}`), WRONG)).toEqual(failure("wrong_secret"));
    expect(await verify(bytes(`{"text":"${"a".repeat(400_000)}"}\n`), WRONG)).toEqual(failure("re_encoded"));
  });
});
