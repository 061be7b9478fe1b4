import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isTemplateRead, TEMPLATE_FIELDS } from "../../src/core/automation/fields.ts";
import { readDelivery } from "../../src/meta/reader/delivery.ts";
import { readSubject } from "../../src/meta/subject.ts";

/**
 * Carried by no body at hand: Subject itself has the first two, and the sample of an answer to a story, whose
 * `reply_to.story` has an id in Meta's reference, is missing.
 */
const NO_SAMPLE = ["username", "text", "story.id"];

const PAYLOADS = new URL("../payloads/", import.meta.url);

/** Every trigger and field that any of Meta's bodies gives rise to. */
const SEEN = readdirSync(PAYLOADS)
  .filter((name) => name.endsWith(".json"))
  .flatMap((name) => {
    const { events } = readDelivery(readFileSync(new URL(name, PAYLOADS)), {
      receivedAt: 0,
      deliveryId: name,
      proof: { secret: "meta", form: "raw" },
    });
    return events.map(readSubject).map(({ on, fields }) => ({ name, on, fields: Object.keys(fields) }));
  });

describe("the fields that templates may name", () => {
  it("are those of Meta's events, each for the triggers that can carry it", () => {
    for (const { name, on, fields } of SEEN) {
      for (const trigger of on) {
        const known = TEMPLATE_FIELDS.filter((field) => field.on.includes(trigger)).map((field) => field.name);
        expect(known, `${name} as ${trigger}`).toEqual(expect.arrayContaining(fields));
      }
    }
  });

  it("are all carried by some event, or read from Meta", () => {
    const carried = new Set(SEEN.flatMap(({ fields }) => fields));
    const never = TEMPLATE_FIELDS.map(({ name }) => name).filter(
      (name) => !NO_SAMPLE.includes(name) && !isTemplateRead(name) && !carried.has(name),
    );
    expect(never).toEqual([]);
  });
});
