import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { importAppSecrets } from "../../src/meta/signature.ts";
import { readSignedRequest } from "../../src/meta/signed-request.ts";

const SECRETS = await importAppSecrets("instagram:instagram_secret_not_real,meta:meta_secret_not_real");

const base64url = (text: string): string => Buffer.from(text).toString("base64url");
const signatureOf = (payload: string, secret: string): string =>
  createHmac("sha256", secret).update(payload).digest("base64url");

function signed(payload: unknown, secret = "instagram_secret_not_real"): string {
  const encoded = base64url(typeof payload === "string" ? payload : JSON.stringify(payload));
  return `${signatureOf(encoded, secret)}.${encoded}`;
}

const PAYLOAD = { algorithm: "HMAC-SHA256", expires: 1_795_003_600, issued_at: 1_795_000_000, user_id: "2180547" };

describe("a signed_request", () => {
  it("says who it is about, and which app's secret made it", async () => {
    expect(await readSignedRequest(signed(PAYLOAD), SECRETS)).toEqual({
      ok: true,
      value: { userId: "2180547", issuedAt: 1_795_000_000_000, secret: "instagram" },
    });
    expect(await readSignedRequest(signed(PAYLOAD, "meta_secret_not_real"), SECRETS)).toMatchObject({
      value: { secret: "meta" },
    });
  });

  it("keeps every digit of an id that Meta prints as a number", async () => {
    const text = '{"algorithm":"HMAC-SHA256","issued_at":1795000000,"user_id":17841405822304915}';
    expect(await readSignedRequest(signed(text), SECRETS)).toMatchObject({ value: { userId: "17841405822304915" } });
  });

  it("may be padded, as PHP's encoder pads", async () => {
    const payload = Buffer.from(JSON.stringify({ ...PAYLOAD, pad: "x" })).toString("base64");
    const safe = payload.replaceAll("+", "-").replaceAll("/", "_");
    expect(safe).toMatch(/=$/);
    const request = `${signatureOf(safe, "meta_secret_not_real")}=.${safe}`;
    expect((await readSignedRequest(request, SECRETS)).ok).toBe(true);
  });

  it.each([
    ["no secret of ours made it", signed(PAYLOAD, "another_app"), "wrong_secret"],
    [
      "the payload was changed afterwards",
      `${signed(PAYLOAD).split(".")[0]}.${base64url('{"user_id":"1"}')}`,
      "wrong_secret",
    ],
    ["it names another algorithm", signed({ ...PAYLOAD, algorithm: "none" }), "bad_payload"],
    ["it names no algorithm", signed({ user_id: "1", issued_at: 1 }), "bad_payload"],
    ["it names no person", signed({ ...PAYLOAD, user_id: undefined }), "bad_payload"],
    ["the id is none", signed({ ...PAYLOAD, user_id: "../../x" }), "bad_payload"],
    ["it is not JSON", signed("hello"), "bad_payload"],
    ["it is a list", signed([PAYLOAD]), "bad_payload"],
    ["it has three parts", `${signed(PAYLOAD)}.${base64url("x")}`, "malformed"],
    ["it has one part", base64url("x"), "malformed"],
    ["it is empty", "", "malformed"],
    ["it is only a dot", ".", "malformed"],
    ["the signature is short", `${"A".repeat(42)}.${base64url("{}")}`, "malformed"],
    ["it is endless", `${"A".repeat(43)}.${"A".repeat(5_000)}`, "malformed"],
    ["it uses the other alphabet", signed(PAYLOAD).replace(/^./, "+"), "malformed"],
  ])("is refused when %s", async (_, request, reason) => {
    expect(await readSignedRequest(request, SECRETS)).toEqual({ ok: false, error: { reason } });
  });

  it("is refused when no secret is configured", async () => {
    expect(await readSignedRequest(signed(PAYLOAD), [])).toEqual({ ok: false, error: { reason: "wrong_secret" } });
  });
});
