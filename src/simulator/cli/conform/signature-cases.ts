import { comment } from "../../notifications/comment-notifications.ts";
import { personId } from "../../notifications/meta-ids.ts";
import { envelope } from "../../notifications/delivery-body.ts";
import { escapeWire, toWire } from "../../notifications/wire-format.ts";
import { accepted, fail, note, pass, refused, shown, type Case, type CaseContext } from "./conform-case.ts";

const group = "Signature";

/** A comment with non-ASCII characters, as plain JSON. */
function plainJson(context: CaseContext, text = "Grüße, a/b 🙏 äöå"): string {
  return JSON.stringify(JSON.parse(wire(context, text)));
}

/** The same comment in Meta's wire format. */
export function wire({ accountId, random }: CaseContext, text = "Grüße, a/b 🙏 äöå"): string {
  const from = { id: personId(random), username: "conformance.check" };
  const item = comment({ accountId, text, from, mediaId: "18054321970886143" }, { now: Date.now(), random });
  return toWire(envelope([item]));
}

const withSignature = (signature: string): Record<string, string> => ({ "x-hub-signature-256": signature });

/** Header values that are not a signature. */
const BROKEN = [
  "",
  "sha256=",
  "sha256=zz",
  `sha256=${"0".repeat(63)}`,
  `sha256=${"0".repeat(128)}`,
  "md5=d41d8cd98f00b204",
];

export const SIGNATURE_CASES: readonly Case[] = [
  {
    group,
    title: "valid signature over the bytes, in Meta's escaped form",
    why: "this is what Meta sends",
    run: async (context) => accepted(await context.probe.deliver(wire(context))),
  },
  {
    group,
    title: "valid signature over a UTF-8 body",
    why: "parsing and serializing the body before hashing breaks one of the two forms",
    run: async (context) => accepted(await context.probe.deliver(plainJson(context))),
  },
  {
    group,
    title: "a UTF-8 body, signed in its escaped form",
    why: "Meta's Messenger page describes this form, but Meta signs the bytes it sends; hashing raw bytes is also correct",
    async run(context) {
      const plain = plainJson(context).replaceAll("/", "-");
      const escaped = escapeWire(plain);
      const headers = withSignature(context.probe.sha256(escaped));
      const finding = accepted(await context.probe.post({ body: plain, headers }));
      // Proxies that decode bodies are rare, and a receiver that hashes raw bytes follows Meta's other pages.
      return finding.outcome === "pass"
        ? finding
        : note(`${finding.detail}; not an error unless a proxy decodes bodies`);
    },
  },
  {
    group,
    title: "valid signature over bytes that are not UTF-8",
    why: "a receiver that hashes decoded text refuses a valid delivery for 36 hours",
    async run(context) {
      const text = Buffer.from(wire(context, "latin1"), "latin1");
      const at = text.indexOf("latin1");
      text[at] = 0xe4;
      const bytes = new Uint8Array(text);
      return accepted(await context.probe.deliver(bytes));
    },
  },
  {
    group,
    title: "both headers, SHA-256 and SHA-1",
    why: "Meta sends both headers",
    async run(context) {
      const body = wire(context);
      return accepted(await context.probe.deliver(body, { "x-hub-signature": context.probe.sha1(body) }));
    },
  },
  {
    group,
    title: "signed with another secret: refused",
    why: "otherwise anyone can make you send messages",
    async run(context) {
      const body = wire(context);
      const right = context.probe.sha256(body);
      const response = await context.probe.post({
        body,
        headers: withSignature(context.probe.sha256(body, "another secret")),
      });
      return refused(response, context.probe, [right, right.slice("sha256=".length)]);
    },
  },
  {
    group,
    title: "not signed: refused",
    why: "Meta signs every delivery",
    async run(context) {
      const body = wire(context);
      const right = context.probe.sha256(body);
      return refused(await context.probe.post({ body }), context.probe, [right.slice("sha256=".length)]);
    },
  },
  {
    group,
    title: "SHA-1 alone: refused",
    why: "Meta no longer documents it, and SHA-1 is weak",
    async run(context) {
      const body = wire(context);
      return refused(
        await context.probe.post({ body, headers: { "x-hub-signature": context.probe.sha1(body) } }),
        context.probe,
      );
    },
  },
  {
    group,
    title: "valid SHA-1, invalid SHA-256: refused",
    why: "the weaker header must not win",
    async run(context) {
      const body = wire(context);
      const headers = {
        ...withSignature(context.probe.sha256(body, "another secret")),
        "x-hub-signature": context.probe.sha1(body),
      };
      return refused(await context.probe.post({ body, headers }), context.probe);
    },
  },
  {
    group,
    title: "one byte changed after signing: refused",
    why: "the signature covers every byte",
    async run(context) {
      const body = wire(context);
      const changed = body.replace('"comments"', '"commentz"');
      return refused(
        await context.probe.post({ body: changed, headers: withSignature(context.probe.sha256(body)) }),
        context.probe,
      );
    },
  },
  {
    group,
    title: "a shortened body: refused",
    why: "a truncated body must not pass",
    async run(context) {
      const body = wire(context);
      return refused(
        await context.probe.post({ body: body.slice(0, -1), headers: withSignature(context.probe.sha256(body)) }),
        context.probe,
      );
    },
  },
  {
    group,
    title: "headers that are not a signature: refused, never 500",
    why: "malformed headers crash many receivers, some with a stack trace in the response",
    async run(context) {
      const body = wire(context);
      for (const header of BROKEN) {
        const finding = refused(await context.probe.post({ body, headers: withSignature(header) }), context.probe);
        if (finding.outcome !== "pass") return fail(`${JSON.stringify(header.slice(0, 20))}: ${finding.detail}`);
      }
      return pass(`${BROKEN.length} refused`);
    },
  },
  {
    group,
    title: "a refusal does not depend on the body",
    why: "an unsigned body must not reach the parser",
    async run(context) {
      for (const body of ["{", "[]", "null", "\u0000", '{"object":"instagram","entry":null}']) {
        const response = await context.probe.post({ body, headers: withSignature(`sha256=${"0".repeat(64)}`) });
        const finding = refused(response, context.probe);
        if (finding.outcome !== "pass") return fail(`${JSON.stringify(body)}: ${shown(response)}`);
      }
      return pass("4xx");
    },
  },
];
