import { beforeEach, describe, expect, it } from "vitest";
import { refuseCertificate } from "../../src/receiver/client-certificate.ts";
import { recorded } from "./bindings.ts";
import { logLines } from "./log-lines.ts";
import { commentsBody, signedRequest, WEBHOOKS } from "./requests.ts";

const META = "client.webhooks.fbclientcerts.com";

/** `request.cf.tlsClientAuth` after Cloudflare has verified Meta's certificate. */
const certificate = {
  certPresented: "1",
  certVerified: "SUCCESS",
  certRevoked: "0",
  certSubjectDNRFC2253: `CN=${META},O=Meta Platforms\\, Inc.,L=Menlo Park,ST=California,C=US`,
};

let lines: () => unknown[];
beforeEach(() => {
  lines = logLines();
});

describe("Meta's client certificate", () => {
  it("is accepted when presented, verified and unrevoked", () => {
    expect(refuseCertificate(certificate)).toBeNull();
  });

  it.each([
    ["nothing at all", undefined, "not_presented"],
    ["no certificate", { ...certificate, certPresented: "0" }, "not_presented"],
    ["Cloudflare's placeholder", { certPresented: "0", certVerified: "NONE", certRevoked: "0" }, "not_presented"],
    ["one that did not verify", { ...certificate, certVerified: "FAILED:self signed certificate" }, "not_verified"],
    ["one that was not checked", { ...certificate, certVerified: "NONE" }, "not_verified"],
    ["a revoked one", { ...certificate, certRevoked: "1" }, "revoked"],
    ["one of unknown standing", { ...certificate, certRevoked: "" }, "revoked"],
  ])("is missing with %s", (_, presented, refusal) => {
    expect(refuseCertificate(presented)).toBe(refusal);
  });

  it.each([
    `CN=${META}`,
    `cn=${META},O=Meta`,
    `O=Meta,CN=${META}`,
    `O=Meta+CN=${META},C=US`,
    `2.5.4.3=${META}`,
    `CN=client\\2ewebhooks.fbclientcerts.com`,
    `CN = ${META} , O=Meta`,
    `CN="${META}"`,
  ])("has the name in %s", (certSubjectDNRFC2253) => {
    expect(refuseCertificate({ ...certificate, certSubjectDNRFC2253 })).toBeNull();
  });

  it.each([
    "",
    "O=Meta",
    `CN=${META}.evil.example`,
    `CN=evil.${META}`,
    `CN=*.webhooks.fbclientcerts.com`,
    `CN=${META.toUpperCase()}`,
    `O=CN\\=${META},CN=evil.example`,
    `O=a\\,CN\\=${META},CN=evil.example`,
    `O="x,CN=${META}",CN=evil.example`,
    `CN=evil.example,CN=${META}`,
    `CN=${META}+CN=evil.example`,
    `XCN=${META}`,
    `CN=${META}\\`,
    `CN=${META},`,
    `CN=${META},O`,
    `CN=#0c21${META}`,
    `,CN=${META}`,
    `CN=${META}\\20`,
    `CN=${META}=`,
  ])("does not have the name in %s", (certSubjectDNRFC2253) => {
    expect(refuseCertificate({ ...certificate, certSubjectDNRFC2253 })).toBe("wrong_name");
  });
});

describe("REQUIRE_MTLS", () => {
  const cf = (tlsClientAuth: object): { cf: object } => ({ cf: { tlsClientAuth } });

  it("on accepts Meta's certificate with a valid signature", async () => {
    const receiver = recorded({ REQUIRE_MTLS: "on" });
    expect((await receiver.fetch(await signedRequest(commentsBody(1), cf(certificate)))).status).toBe(200);
    const forged = await signedRequest(commentsBody(1), { secret: "not ours", ...cf(certificate) });
    expect((await receiver.fetch(forged)).status).toBe(401);
  });

  it("on refuses all other callers, also for the handshake", async () => {
    const receiver = recorded({ REQUIRE_MTLS: "on" });
    const other = { ...certificate, certSubjectDNRFC2253: "CN=evil.example" };
    for (const request of [
      await signedRequest(commentsBody(1)),
      await signedRequest(commentsBody(1), cf(other)),
      new Request(WEBHOOKS),
    ]) {
      const response = await receiver.fetch(request);
      expect([response.status, await response.text()]).toEqual([403, "Only Meta can use this address.\n"]);
    }
    expect(receiver.queue.batches).toEqual([]);
    expect(lines()).toEqual(
      ["not_presented", "wrong_name", "not_presented"].map((cause) => ({
        event: "delivery_refused",
        cause: `certificate_${cause}`,
      })),
    );
  });

  it("off requires no certificate", async () => {
    const receiver = recorded({ REQUIRE_MTLS: "off" });
    expect((await receiver.fetch(await signedRequest(commentsBody(1)))).status).toBe(200);
  });
});
