import { withNumericIds } from "../../notifications/irregular-notifications.ts";
import { envelope, type Item } from "../../notifications/delivery-body.ts";
import { KINDS } from "../../notifications/kinds/all-kinds.ts";
import { toWire, type WireValue } from "../../notifications/wire-format.ts";
import { accepted, acceptedEach, fail, pass, type Case, type CaseContext, type Finding } from "./conform-case.ts";
import { item } from "./case-notifications.ts";

const group = "Body";

/** Options that a kind requires. */
const NEEDED: Readonly<Record<string, Record<string, string>>> = { referral: { ref: "conform" } };

const each = (bodies: readonly (readonly [name: string, body: string])[], { probe }: CaseContext): Promise<Finding> =>
  acceptedEach(bodies, probe);

const one =
  (body: (context: CaseContext) => string): Case["run"] =>
  async (context) =>
    accepted(await context.probe.deliver(body(context)));

/** A body with one entry of the unknown account. */
const withEntry = ({ accountId }: CaseContext, object: string, rest: Record<string, WireValue>): string =>
  toWire({ object, entry: [{ id: accountId, time: 1, ...rest }] });

/** Levels of a body that is nested too deep for a recursive reader. */
const DEEP = 20_000;

export const BODY_CASES: readonly Case[] = [
  {
    group,
    title: "every kind of notification, Instagram and Page",
    why: "a 500 for an unexpected kind causes 36 hours of retries, and Messenger turns webhooks off after one hour",
    run(context) {
      const bodies = (["instagram", "page"] as const).flatMap((platform) =>
        KINDS.filter((kind) => (kind.platform ?? platform) === platform).map(
          ({ name }) =>
            [`${platform} ${name}`, toWire(envelope([item(context, name, NEEDED[name], platform)]))] as const,
        ),
      );
      return each(bodies, context);
    },
  },
  {
    group,
    title: "the dashboard's Test button, for messages and comments",
    why: "most developers press it first, and its format differs from real traffic",
    run: (context) =>
      each(
        (["messages", "comments"] as const).map(
          (field) => [field, toWire(envelope([item(context, "test-button", { field })]))] as const,
        ),
        context,
      ),
  },
  {
    group,
    title: "a comment directly on the entry, and a body in an array",
    why: "Meta's examples page shows both",
    run: (context) =>
      each(
        [
          ["flat", toWire(envelope([item(context, "comment", { flat: true })]))],
          ["list", toWire([envelope([item(context, "comment")])])],
        ],
        context,
      ),
  },
  {
    group,
    title: "names of changed fields without values",
    why: "the setting include_values can be off",
    run: one((context) => toWire(envelope([item(context, "changed-fields")]))),
  },
  {
    group,
    title: "ids as bare numbers",
    why: "JSON.parse rounds them to the id of another account",
    run: one((context) => toWire(withNumericIds(envelope([item(context, "message")])))),
  },
  {
    group,
    title: "unknown objects, fields and keys",
    why: "Meta adds new ones every few months",
    run: (context) =>
      each(
        [
          ["object", withEntry(context, "hologram", { changes: [{ field: "x", value: {} }] })],
          ["field", withEntry(context, "instagram", { changes: [{ field: "hologram", value: { a: [1] } }] })],
          ["item", withEntry(context, "page", { messaging: [{ hologram: { id: "1" } }] })],
          ["container", withEntry(context, "instagram", { holograms: [{}] })],
        ],
        context,
      ),
  },
  {
    group,
    title: "missing, empty and null values",
    why: "all of them occur in practice, and each has crashed a receiver",
    run: (context) =>
      each(
        [
          ["no entry", toWire({ object: "instagram" })],
          ["entry null", toWire({ object: "instagram", entry: null })],
          ["entry empty", toWire({ object: "instagram", entry: [] })],
          ["entry of null", toWire({ object: "instagram", entry: [null] })],
          ["no events", toWire(envelope([item(context, "empty-entry")]))],
          ["no value", withEntry(context, "instagram", { changes: [{ field: "comments" }] })],
          ["value null", withEntry(context, "instagram", { changes: [{ field: "comments", value: null }] })],
          ["message null", withEntry(context, "instagram", { messaging: [{ message: null }] })],
          ["object a number", toWire({ object: 7, entry: "x" })],
          ["a bare null", "null"],
          ["a bare list", "[]"],
        ],
        context,
      ),
  },
  {
    group,
    title: "signed, but not JSON",
    why: "Meta signed it, so store it for manual review; any response except 200 causes retries for 36 hours",
    run: (context) =>
      each(
        [
          ["half", '{"object":"instagram","entry":[{"id":"1'],
          ["empty", ""],
          ["text", "hello"],
          ["bytes", "\u0000\u0001"],
        ],
        context,
      ),
  },
  {
    group,
    title: `nested ${DEEP.toLocaleString("en")} levels deep`,
    why: "a recursive parser overflows its stack and returns 500 until Meta gives up",
    run: one(
      ({ accountId }) =>
        `{"object":"instagram","entry":[{"id":"${accountId}","time":1,"changes":[{"field":"comments","value":${'{"a":'.repeat(DEEP)}1${"}".repeat(DEEP)}}]}]}`,
    ),
  },
  {
    group,
    title: "keys like __proto__ and constructor",
    why: "copying these keys can change every object in the process",
    run: one(
      ({ accountId }) =>
        `{"object":"instagram","__proto__":{"polluted":true},"entry":[{"id":"${accountId}","time":1,"changes":[{"field":"comments","value":{"id":"1","text":"x","constructor":{"prototype":{"polluted":true}}}}]}]}`,
    ),
  },
  {
    group,
    title: "many accounts in one delivery",
    why: "a batch can contain many accounts, and many receivers only handle the first entry",
    run: one((context) => {
      const items: Item[] = Array.from({ length: 20 }, (_, index) => ({
        ...item(context, "comment"),
        entryId: `1784140000000${1000 + index}`,
      }));
      return toWire(envelope(items));
    }),
  },
  {
    group,
    title: "another Content-Type, or none",
    why: "the signature matters, not the header",
    async run(context) {
      for (const type of ["application/json; charset=utf-8", "text/plain", null]) {
        const body = toWire(envelope([item(context, "comment")]));
        const response = await context.probe.post({
          body: new Uint8Array(Buffer.from(body)),
          headers: { "x-hub-signature-256": context.probe.sha256(body), "content-type": type },
        });
        const finding = accepted(response);
        if (finding.outcome !== "pass") return fail(`${type ?? "none"}: ${finding.detail}`);
      }
      return pass("accepted");
    },
  },
  {
    group,
    title: "a message of 300 KB",
    why: "real traffic has such messages, and a truncated body breaks the signature",
    run: one((context) => toWire(envelope([item(context, "message", { text: "x".repeat(300_000) })]))),
  },
];
