import { describe, expect, it } from "vitest";
import { quarantinedBody, readQuarantined } from "../../../src/meta/reader/quarantine.ts";
import { comment, event, events, IG } from "./deliveries.ts";

const again = (body: unknown): string => new TextDecoder().decode(quarantinedBody(event(body)) ?? Uint8Array.of());

describe("quarantined content", () => {
  it("comes back as the body that it was", () => {
    expect(again('{"object":"page"')).toBe('{"object":"page"');
    expect(again('"text"')).toBe('"text"');
  });

  it("comes back byte for byte where it was no text", () => {
    const body = Uint8Array.of(0x7b, 0xff, 0x00, 0x7d);
    expect(quarantinedBody(event(body))).toEqual(body);
  });

  it.each(["changes", "messaging", "standby", "changed_fields"])("comes back in its container, %s", (container) => {
    const body = `{"object":"instagram","entry":[{"id":"${IG}","time":1795165202000,"${container}":[{"a":nope}]}]}`;
    expect(again(body)).toBe(body);
  });

  it("comes back as the entry that it was", () => {
    const entry = JSON.stringify({ id: "../x", changed_fields: ["feed"] });
    expect(again(`{"object":"page","entry":[${entry}]}`)).toBe(`{"object":"page","entry":[${entry}]}`);
  });

  it("can be read by a later version", () => {
    // Simulates a fixed reader: the same quarantine with readable content.
    const item = JSON.stringify({ field: "comments", value: comment() });
    const [quarantined] = events(`{"object":"instagram","entry":[{"id":"${IG}","changes":[7]}]}`);
    if (quarantined === undefined) throw new Error("expected an event");
    const raw = JSON.stringify({ ...readQuarantined(quarantined.raw), body: item });
    expect(event(quarantinedBody({ ...quarantined, raw }))).toMatchObject({
      kind: "comment",
      accountId: IG,
      raw: item,
    });
  });

  it.each([
    ["another kind", { kind: "comment" as const }],
    ["no JSON", { raw: "{" }],
    ["another object", { raw: "{}" }],
    ["an unknown place", { raw: '{"reason":"not_json","place":"elsewhere","encoding":"utf8","body":""}' }],
    ["an unknown encoding", { raw: '{"reason":"not_json","place":"body","encoding":"latin1","body":""}' }],
  ])("is nothing in an event of %s", (_, other) => {
    expect(quarantinedBody({ ...event("{"), ...other })).toBeNull();
  });
});
