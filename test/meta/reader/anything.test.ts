import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EVENT_KINDS } from "../../../src/core/event.ts";
import { MAX_ID_LENGTH } from "../../../src/meta/identity.ts";
import { readSubject } from "../../../src/meta/subject.ts";
import { readView } from "../../../src/meta/views/view.ts";
import { read } from "./deliveries.ts";

fc.configureGlobal({ seed: 20261120 });

/** Reads any input and everything that is derived from it. */
function survives(body: string | Uint8Array): void {
  for (const event of read(body).events) {
    expect(EVENT_KINDS).toContain(event.kind);
    expect(event.id.length).toBeLessThanOrEqual(MAX_ID_LENGTH);
    expect(Number.isSafeInteger(event.occurredAt)).toBe(true);
    expect(() => JSON.parse(event.raw)).not.toThrow();
    expect(readView(event).kind).toBe(event.kind);
    expect(readSubject(event).on.length).toBeLessThanOrEqual(2);
  }
}

/** Words that mean something somewhere in a delivery, so that chance finds its way in. */
const WORDS = [
  "object entry id uid time changes messaging standby changed_fields field value sender recipient timestamp message mid",
  "text is_echo is_deleted attachments type payload reply_to story referral ref ad_id postback reaction read delivery",
  "watermark mids optin app_roles from username media comment_id parent_id post_id item verb instagram page comments",
  "messages feed mentions 0 17841460928374651 __proto__ constructor toString",
]
  .join(" ")
  .split(" ");

const { value: anyJson } = fc.letrec<{ value: unknown; object: unknown; list: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "medium", withCrossShrink: true },
    fc.oneof(fc.constantFrom(...WORDS), fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constant(null)),
    tie("object"),
    tie("list"),
  ),
  object: fc.dictionary(fc.constantFrom(...WORDS), tie("value"), { maxKeys: 6 }),
  list: fc.array(tie("value"), { maxLength: 4 }),
}));

describe("any signed body", () => {
  it("is read: any JSON", () => {
    fc.assert(
      fc.property(anyJson, (value) => survives(JSON.stringify(value))),
      { numRuns: 500 },
    );
  });

  it("is read: any items in the right places", () => {
    const entry = fc.record(
      {
        id: anyJson,
        time: anyJson,
        changes: fc.array(anyJson),
        messaging: fc.array(anyJson),
        standby: fc.array(anyJson),
      },
      { requiredKeys: [] },
    );
    const body = fc.record({ object: fc.constantFrom("instagram", "page", "user"), entry: fc.array(entry) });
    fc.assert(
      fc.property(body, (value) => survives(JSON.stringify(value))),
      { numRuns: 500 },
    );
  });

  it("is read: one event for every item, and none for anything else", () => {
    const items = fc.array(anyJson, { maxLength: 20 });
    fc.assert(
      fc.property(items, items, items, (changes, messaging, standby) => {
        const entry = [{ id: "17841460928374651", time: 1795165202, changes, messaging, standby }];
        const found = read(JSON.stringify({ object: "instagram", entry })).events;
        const rest = found.slice(changes.length + messaging.length + standby.length);
        expect(found.slice(0, found.length - rest.length)).toHaveLength(
          changes.length + messaging.length + standby.length,
        );
        expect(rest).toEqual([]);
      }),
    );
  });

  it("is read: any text and any bytes", () => {
    const text = fc.string({
      unit: fc.constantFrom(...Array.from('{}[]:,"\\ \n0123e-+.tfnué🙏\u0000')),
      maxLength: 60,
    });
    fc.assert(fc.property(text, survives), { numRuns: 1000 });
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), survives));
  });

  it("is read: a body cut off anywhere", () => {
    const body =
      '{"object":"page","entry":[{"id":"1","time":1,"messaging":[{"sender":{"id":"2"},"message":{"mid":"\\"m"}}]}]}';
    for (let end = 0; end < body.length; end++) {
      survives(body.slice(0, end));
      expect(read(body.slice(0, end)).events.map(({ kind }) => kind)).toEqual(["quarantine"]);
    }
  });

  it("is read: more unknown members than a function takes arguments", () => {
    const members = Array.from({ length: 200_000 }, (_, i) => `"m${i}":[]`).join(",");
    expect(read(`{"object":"page","entry":[{"id":"1",${members}}]}`).events.map(({ kind }) => kind)).toEqual([
      "unknown",
    ]);
  });

  it("is read: lists in lists, deeper than any stack", () => {
    const deep = "[".repeat(300_000) + "17841405822304915" + "]".repeat(300_000);
    for (const body of [deep, `[${deep}]`, `{"object":"page","entry":[${deep}]}`, `{"object":${deep},"entry":[]}`]) {
      expect(() => read(body)).not.toThrow();
    }
  });
});
