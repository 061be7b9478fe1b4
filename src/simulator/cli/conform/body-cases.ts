import { withNumericIds } from "../../notifications/irregular-notifications.ts";
import { envelope } from "../../notifications/delivery-body.ts";
import type { Item } from "../../notifications/delivery-body.ts";
import { KINDS } from "../../notifications/kinds/all-kinds.ts";
import { toWire } from "../../notifications/wire-format.ts";
import type { Case, CaseContext, Finding } from "./conform-case.ts";
import { accepted, fail, pass } from "./conform-case.ts";
import { item } from "./case-notifications.ts";

const group = "Body";

/** Options that a kind cannot do without. */
const NEEDED: Readonly<Record<string, Record<string, string>>> = { referral: { ref: "conform" } };

async function each(
  bodies: readonly (readonly [name: string, body: string])[],
  context: CaseContext,
): Promise<Finding> {
  let slowest = 0;
  for (const [name, body] of bodies) {
    const response = await context.probe.deliver(body);
    const finding = accepted(response);
    if (finding.outcome !== "pass") return fail(`${name}: ${finding.detail}`);
    slowest = Math.max(slowest, response.durationMs);
  }
  return pass(`${bodies.length} taken, the slowest in ${Math.round(slowest)} ms`);
}

const one =
  (body: (context: CaseContext) => string): Case["run"] =>
  async (context) =>
    accepted(await context.probe.deliver(body(context)));

/** Levels of a body that is nested too deep for a recursive reader. */
const DEEP = 20_000;

export const BODY_CASES: readonly Case[] = [
  {
    group,
    title: "every kind of notification, Instagram and Page",
    why: "500 on an unexpected kind means 36 hours of retries, and webhooks switched off after one",
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
    why: "the first thing that everybody presses; its shape is unlike real traffic",
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
    title: "comments flat on the entry, and the body in a list",
    why: "Meta's examples page prints both",
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
    title: "names of what changed, and no values",
    why: "include_values can be off",
    run: one((context) => toWire(envelope([item(context, "changed-fields")]))),
  },
  {
    group,
    title: "ids as bare numbers",
    why: "JSON.parse would make another account's id of them",
    run: one((context) => toWire(withNumericIds(envelope([item(context, "message")])))),
  },
  {
    group,
    title: "unknown objects, fields and keys",
    why: "Meta adds some every few months",
    run: (context) =>
      each(
        [
          [
            "object",
            toWire({
              object: "hologram",
              entry: [{ id: context.accountId, time: 1, changes: [{ field: "x", value: {} }] }],
            }),
          ],
          [
            "field",
            toWire({
              object: "instagram",
              entry: [{ id: context.accountId, time: 1, changes: [{ field: "hologram", value: { a: [1] } }] }],
            }),
          ],
          [
            "item",
            toWire({
              object: "page",
              entry: [{ id: context.accountId, time: 1, messaging: [{ hologram: { id: "1" } }] }],
            }),
          ],
          ["container", toWire({ object: "instagram", entry: [{ id: context.accountId, time: 1, holograms: [{}] }] })],
        ],
        context,
      ),
  },
  {
    group,
    title: "missing, empty and null values",
    why: "each of them has been seen, and each has thrown somewhere",
    run: (context) =>
      each(
        [
          ["no entry", toWire({ object: "instagram" })],
          ["entry null", toWire({ object: "instagram", entry: null })],
          ["entry empty", toWire({ object: "instagram", entry: [] })],
          ["entry of null", toWire({ object: "instagram", entry: [null] })],
          ["no events", toWire(envelope([item(context, "empty-entry")]))],
          [
            "no value",
            toWire({
              object: "instagram",
              entry: [{ id: context.accountId, time: 1, changes: [{ field: "comments" }] }],
            }),
          ],
          [
            "value null",
            toWire({
              object: "instagram",
              entry: [{ id: context.accountId, time: 1, changes: [{ field: "comments", value: null }] }],
            }),
          ],
          [
            "message null",
            toWire({
              object: "instagram",
              entry: [{ id: context.accountId, time: 1, messaging: [{ message: null }] }],
            }),
          ],
          ["object a number", toWire({ object: 7, entry: "x" })],
          ["a bare null", "null"],
          ["a bare list", "[]"],
        ],
        context,
      ),
  },
  {
    group,
    title: "signed, and no JSON",
    why: "Meta has signed it: keep it for a person; any answer but 200 brings it back for 36 hours",
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
    why: "a recursive reader overflows its stack, and answers 500 until Meta gives up",
    run: one(
      ({ accountId }) =>
        `{"object":"instagram","entry":[{"id":"${accountId}","time":1,"changes":[{"field":"comments","value":${'{"a":'.repeat(DEEP)}1${"}".repeat(DEEP)}}]}]}`,
    ),
  },
  {
    group,
    title: "keys like __proto__ and constructor",
    why: "copying them without thought changes every object of the process",
    run: one(
      ({ accountId }) =>
        `{"object":"instagram","__proto__":{"polluted":true},"entry":[{"id":"${accountId}","time":1,"changes":[{"field":"comments","value":{"id":"1","text":"x","constructor":{"prototype":{"polluted":true}}}}]}]}`,
    ),
  },
  {
    group,
    title: "several objects' worth of accounts in one delivery",
    why: "a batch may hold many accounts; only the first entry is handled by too many receivers",
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
    why: "the signature counts, not the header",
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
      return pass("taken");
    },
  },
  {
    group,
    title: "a message of 300 KB",
    why: "seen in real traffic; a truncated read breaks its signature",
    run: one((context) => toWire(envelope([item(context, "message", { text: "x".repeat(300_000) })]))),
  },
];
