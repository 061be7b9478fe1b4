import { describe, expect, it } from "vitest";
import { MAX_DEPTH, MAX_PIECES } from "../../../src/meta/reader/delivery.ts";
import { quarantinedBody } from "../../../src/meta/reader/quarantine.ts";
import { CONTEXT, change, comment, event, events, IG, messaging, PERSON, read } from "./deliveries.ts";

const kinds = (body: unknown): string[] => events(body).map(({ kind }) => kind);
const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);

describe("containers", () => {
  it("may come several in one entry, and all are read", () => {
    const entry = {
      id: IG,
      time: 1795165202,
      changes: [{ field: "comments", value: comment() }],
      messaging: [{ sender: { id: PERSON }, message: { mid: "m1" } }],
      standby: [{ sender: { id: PERSON }, message: { mid: "m2" } }],
      changed_fields: ["comments", "mentions"],
    };
    expect(kinds({ object: "instagram", entry: [entry] })).toEqual([
      "comment",
      "message",
      "standby",
      "changed_fields",
      "changed_fields",
    ]);
  });

  it("may stand before the id and time of their entry, and before the object", () => {
    const body = `{"entry":[{"messaging":[{"sender":{"id":"1"},"message":{"mid":"m"}}],"time":1795165202,"id":"${IG}"}],"object":"page"}`;
    expect(event(body)).toMatchObject({ object: "page", accountId: IG, occurredAt: 1795165202000, field: "messages" });
  });

  it("may be given twice under one key, and neither is lost", () => {
    const items = ["a", "b"].map((mid) => `"messaging":[{"sender":{"id":"1"},"message":{"mid":"${mid}"}}]`);
    expect(events(`{"object":"page","entry":[{"id":"1",${items.join(",")}}]}`)).toHaveLength(2);
  });

  it("are read from a single entry that is not in a list", () => {
    expect(event({ object: "page", entry: { id: "1", changed_fields: ["feed"] } }).kind).toBe("changed_fields");
  });

  it("are read from every notification of a top-level list", () => {
    const one = change("comments", comment());
    const other = change("comments", comment({ id: "2" }));
    expect(kinds([one, other])).toEqual(["comment", "comment"]);
  });

  it("are read with any white space between them", () => {
    const body = change("comments", comment());
    expect(event(`\n\t ${JSON.stringify(body, null, "\t ")}\r\n`).id).toBe(event(body).id);
  });

  it("are read behind a byte order mark", () => {
    const body = JSON.stringify(change("comments", comment()));
    expect(event(new TextEncoder().encode(`\uFEFF${body}`)).kind).toBe("comment");
  });

  it.each([
    ["no entries", { object: "instagram", entry: [] }, 0],
    ["an entry of id and time only", { object: "instagram", entry: [{ id: IG, time: 1 }] }, 1],
    ["empty containers", { object: "instagram", entry: [{ id: IG, uid: IG, messaging: [], changes: [] }] }, 1],
  ])("with nothing in them give no event: %s", (_, body, entriesWithoutEvents) => {
    expect(read(JSON.stringify(body))).toEqual({ events: [], entriesWithoutEvents });
  });
});

describe("an unknown shape", () => {
  it("is kept: an item of messaging without a known key", () => {
    expect(event(messaging({ brand_new: {} }))).toMatchObject({ kind: "unknown", field: "messaging" });
  });

  it("is kept: a change of an unknown field", () => {
    expect(event(change("brand_new", { a: 1 }))).toMatchObject({ kind: "change", field: "brand_new" });
  });

  it("is kept: a change without a field", () => {
    const body = { object: "instagram", entry: [{ id: IG, changes: [{ value: 1 }] }] };
    expect(event(body)).toMatchObject({ kind: "unknown", raw: '{"value":1}' });
  });

  it("is kept: a notification without entries", () => {
    const body = { sample: { field: "comments", value: {} } };
    expect(event(body)).toMatchObject({ kind: "unknown", field: "sample", accountId: "", raw: JSON.stringify(body) });
  });

  it("is kept: an unknown object", () => {
    const body = {
      object: "whatsapp_business_account",
      entry: [{ id: "1", changes: [{ field: "messages", value: {} }] }],
    };
    expect(event(body)).toMatchObject({ object: "whatsapp_business_account", kind: "change", field: "messages" });
  });

  it("is kept: another container in an entry", () => {
    const body = messaging({ message: { mid: "m" } }, { hop_context: [{ app_id: 1 }] });
    expect(events(body).map(({ kind, raw }) => [kind, raw])).toEqual([
      ["message", expect.any(String)],
      ["unknown", '{"hop_context":[{"app_id":1}]}'],
    ]);
  });

  it("is kept: a known container that is no list", () => {
    const body = { object: "page", entry: [{ id: "1", messaging: { message: { mid: "m" } } }] };
    expect(event(body)).toMatchObject({ kind: "unknown", raw: '{"messaging":{"message":{"mid":"m"}}}' });
  });

  it("is kept: an additional member of the notification", () => {
    expect(kinds({ object: "page", entry: [], extra: { a: 1 } })).toEqual(["unknown"]);
  });

  it("is not created for an additional plain value", () => {
    expect(kinds(messaging({ message: { mid: "m" } }, { is_new: true }))).toEqual(["message"]);
  });

  it.each(["constructor", "__proto__", "toString", "hasOwnProperty"])("is no trap: a field called %s", (field) => {
    expect(event(change(field, {}))).toMatchObject({ kind: "change", field });
    expect(event(`{"object":"page","entry":[{"id":"1","${field}":{}}]}`)).toMatchObject({ kind: "unknown", field });
  });
});

describe("a bad item", () => {
  const good = '{"field":"comments","value":{"id":"1"}}';
  const delivery = (item: string): string =>
    `{"object":"instagram","entry":[{"id":"${IG}","time":1795165202,"changes":[${good},${item},${good.replace('"1"', '"2"')}]}]}`;

  it.each([
    ["a number", "17", "not_an_object"],
    ["null", "null", "not_an_object"],
    ["a text", '"text"', "not_an_object"],
    ["a list", "[{}]", "not_an_object"],
    ["an escape that JSON does not know", '{"field":"\\x"}', "not_json"],
    ["a literal that JSON does not know", '{"field":undefined}', "not_json"],
    ["brackets that do not match", '{"field":[}}', "not_json"],
    ["a raw line break in a text", '{"field":"a\nb"}', "not_json"],
  ])("is quarantined alone: %s", (_, item, reason) => {
    const found = events(delivery(item));
    expect(found.map(({ kind }) => kind)).toEqual(["comment", "quarantine", "comment"]);
    expect(found[1]).toMatchObject({ object: "instagram", accountId: IG, occurredAt: 1795165202000 });
    expect(JSON.parse(found[1]?.raw ?? "")).toEqual({ reason, place: "changes", encoding: "utf8", body: item });
  });

  it("is quarantined alone: nested too deep", () => {
    const deepest = (depth: number): string => `{"field":"comments","value":${nested(depth - 1)}}`;
    expect(events(delivery(deepest(MAX_DEPTH))).map(({ kind }) => kind)).toEqual(["comment", "comment", "comment"]);
    const [, tooDeep] = events(delivery(deepest(MAX_DEPTH + 1)));
    expect(JSON.parse(tooDeep?.raw ?? "")).toMatchObject({ reason: "too_deep", place: "changes" });
  });

  it("is quarantined however deep it goes", () => {
    const found = events(delivery(nested(500_000)));
    expect(found.map(({ kind }) => kind)).toEqual(["comment", "quarantine", "comment"]);
  });

  it("is quarantined in an unknown shape too", () => {
    const deep = `{"object":"page","entry":[{"id":"1","extra":${nested(100)}}],"other":${nested(100)}}`;
    expect(kinds(deep)).toEqual(["quarantine", "quarantine"]);
    expect(kinds('{"object":"page","entry":[{"id":"1","extra":{"a":nope}}]}')).toEqual(["quarantine"]);
  });

  it.each([
    [
      "an entry",
      { object: "page", entry: [1, { id: "1", changed_fields: ["feed"] }] },
      ["changed_fields", "quarantine"],
    ],
    ["a notification", ["text", change("comments", comment())], ["comment", "quarantine"]],
    [
      "a changed field",
      { object: "page", entry: [{ id: "1", changed_fields: [7, "feed"] }] },
      ["quarantine", "changed_fields"],
    ],
  ])("may be %s", (_, body, expected) => {
    expect(kinds(body)).toEqual(expected);
  });

  it.each(["../x", "a b", "1:2", "x".repeat(65), ""])("may be an entry whose id %j cannot be one", (id) => {
    const [quarantined] = events({ object: "page", entry: [{ id, changed_fields: ["feed"] }] });
    expect(quarantined).toMatchObject({ kind: "quarantine", accountId: "" });
    expect(JSON.parse(quarantined?.raw ?? "")).toMatchObject({ reason: "account_id", place: "entry" });
  });
});

describe("an unreadable body", () => {
  it.each([
    ["nothing", ""],
    ["JSON that ends too early", '{"object":"page","entry":[{"id":"1"'],
    ["JSON with more behind it", '{"object":"page","entry":[]} {}'],
    ["a string that does not end", '{"object":"page'],
    ["a missing colon", '{"object" "page"}'],
    ["a missing value", '{"object":,"entry":[]}'],
    ["a comma too many", '{"object":"page",}'],
    ["a key without quotes", '{object:"page"}'],
    ["a key with a broken escape", '{"\\x":1}'],
  ])("is quarantined whole: %s", (_, body) => {
    expect(event(body)).toEqual({
      v: 1,
      id: `::quarantine:${CONTEXT.deliveryId}`,
      accountId: "",
      object: "",
      kind: "quarantine",
      field: "",
      occurredAt: CONTEXT.receivedAt,
      receivedAt: CONTEXT.receivedAt,
      deliveryId: CONTEXT.deliveryId,
      test: false,
      proof: CONTEXT.proof,
      raw: JSON.stringify({ reason: "not_json", place: "body", encoding: "utf8", body }),
    });
  });

  it.each([
    ["a word", "hello", "not_json"],
    ["a text", '"hello"', "not_an_object"],
    ["a number", "17841405822304915", "not_an_object"],
  ])("is quarantined: %s", (_, body, reason) => {
    expect(event(body)).toMatchObject({ kind: "quarantine", accountId: "" });
    expect(JSON.parse(event(body).raw)).toEqual({ reason, place: "notification", encoding: "utf8", body });
  });

  it("is kept as base64 where it is not UTF-8", () => {
    const body = Uint8Array.of(0x7b, 0xff, 0x00, 0x7d);
    const raw: unknown = JSON.parse(event(body).raw);
    expect(raw).toEqual({ reason: "not_utf8", place: "body", encoding: "base64", body: "e/8AfQ==" });
  });

  it("is kept whole however large", () => {
    const body = new Uint8Array(300_000).fill(0xfe);
    const { body: base64 } = JSON.parse(event(body).raw) as { body: string };
    expect(Buffer.from(base64, "base64").equals(Buffer.from(body))).toBe(true);
  });
});

describe("an event", () => {
  it("keeps its item to the character, escapes, spaces and long numbers included", () => {
    const item =
      '{ "field" : "comments","value":{"id":17984512367720415, "text":"Gr\\u00fc\\u00dfe \\/ \\ud83d\\ude4f"}}';
    const body = `{"object":"instagram","entry":[{"id":17841460928374651,"changes":[ ${item} ]}]}`;
    expect(event(body)).toMatchObject({
      raw: item,
      accountId: "17841460928374651",
      id: "instagram:17841460928374651:comment:17984512367720415",
    });
  });

  it("ends where its item ends, with any quotes and brackets in its texts", () => {
    const item = JSON.stringify({ field: "comments", value: { id: "1", text: '\\" }]}] \\\\" {[ \\' } });
    const body = `{"object":"instagram","entry":[{"id":"1","changes":[${item},${item}]}]}`;
    expect(events(body).map(({ raw }) => raw)).toEqual([item, item]);
  });

  it.each([
    ["the item's own time", messaging({ message: { mid: "m" } }), 1795165200318],
    ["an item's time in seconds", messaging({ referral: { ref: "r" }, timestamp: 1795165200 }), 1795165200000],
    ["an item's time in quotes", messaging({ message: { mid: "m" }, timestamp: "1795165200318" }), 1795165200318],
    ["the entry's time in seconds", change("comments", comment()), 1795165202000],
    ["the entry's time in milliseconds", change("comments", comment(), { time: 1795165202007 }), 1795165202007],
    ["the receiver's time, where Meta gives none", change("comments", comment(), { time: null }), CONTEXT.receivedAt],
    ["the receiver's time, where Meta's is absurd", change("comments", comment(), { time: -1 }), CONTEXT.receivedAt],
  ])("has %s", (_, body, occurredAt) => {
    expect(event(body).occurredAt).toBe(occurredAt);
  });

  it("is a test for entry.id 0, as text or number, and for nothing else", () => {
    const test = (id: unknown): boolean => event(change("comments", comment(), { id })).test;
    expect([test("0"), test(0), test("00"), test(IG)]).toEqual([true, true, false, false]);
  });

  it("has names of bounded length, so that a queue message has too", () => {
    const found = event({ object: "o".repeat(5000), entry: [{ id: "1", changes: [{ field: "f".repeat(5000) }] }] });
    expect([found.object.length, found.field.length, found.id.length <= 300]).toEqual([100, 100, true]);
  });

  it("of the Test button is read like any other", () => {
    const value = { sender: { id: "1" }, recipient: { id: "2" }, timestamp: "1795165200", message: { mid: "m" } };
    expect(event(change("messages", value, { id: "0" }))).toMatchObject({
      kind: "message",
      field: "messages",
      test: true,
      id: "instagram:0:message:m",
      occurredAt: 1795165200000,
    });
    expect(event(change("standby", value, { id: "0" }))).toMatchObject({ kind: "standby" });
  });

  it("is made of every item of a full batch", () => {
    const changes = Array.from({ length: 1000 }, (_, i) => ({ field: "comments", value: comment({ id: String(i) }) }));
    const found = events({ object: "instagram", entry: [{ id: IG, time: 1795165202, changes }] });
    expect(new Set(found.map(({ id }) => id)).size).toBe(1000);
  });
});

describe("kinds of messaging", () => {
  it.each([
    [{ message: { mid: "m" } }, "message", "messages", "messages"],
    [{ message: { mid: "m", is_deleted: true } }, "message_deleted", "messages", "messages"],
    [{ message: { mid: "m", is_echo: true } }, "echo", "messages", "message_echoes"],
    [{ message: { mid: "m", is_echo: true, is_deleted: true } }, "message_deleted", "messages", "messages"],
    [{ message_edit: { mid: "m", num_edit: 0 } }, "message_edit", "message_edit", "message_edits"],
    [{ reaction: { mid: "m" } }, "reaction", "message_reactions", "message_reactions"],
    [{ postback: { payload: "P" } }, "postback", "messaging_postbacks", "messaging_postbacks"],
    [{ referral: { ref: "r" } }, "referral", "messaging_referral", "messaging_referrals"],
    [{ read: { mid: "m" } }, "seen", "messaging_seen", "message_reads"],
    [{ delivery: { watermark: 1 } }, "delivery", "message_deliveries", "message_deliveries"],
    [{ optin: { ref: "r" } }, "optin", "messaging_optins", "messaging_optins"],
    [{ request_thread_control: {} }, "handover", "messaging_handover", "messaging_handovers"],
    [{ app_roles: {} }, "handover", "messaging_handover", "messaging_handovers"],
    [{ response_feedback: {} }, "response_feedback", "response_feedback", "response_feedback"],
    [{ policy_enforcement: {} }, "policy_enforcement", "messaging_policy_enforcement", "messaging_policy_enforcement"],
    [
      { "policy-enforcement": {} },
      "policy_enforcement",
      "messaging_policy_enforcement",
      "messaging_policy_enforcement",
    ],
    [{ account_linking: {} }, "account_linking", "messaging_account_linking", "messaging_account_linking"],
    [{ game_play: {} }, "game_play", "messaging_game_plays", "messaging_game_plays"],
    [{ order: {} }, "order", "send_cart", "send_cart"],
  ])("%j is %s", (item, kind, instagramField, pageField) => {
    const on = (object: string): unknown => ({ object, entry: [{ id: "1", messaging: [item] }] });
    expect(event(on("instagram"))).toMatchObject({ kind, field: instagramField });
    expect(event(on("page"))).toMatchObject({ kind, field: pageField });
  });
});

describe("a delivery with too many updates", () => {
  const PER_ENTRY = 700;
  const entry = (number: number): object => ({
    id: `${number}`,
    time: 1795165202,
    messaging: Array.from({ length: PER_ENTRY }, (_, index) => ({
      sender: { id: PERSON },
      message: { mid: `m${number}.${index}` },
    })),
  });
  const body = JSON.stringify([
    { object: "page", entry: Array.from({ length: 6 }, (_, index) => entry(index + 1)) },
    { object: "instagram", entry: [entry(7)] },
  ]);

  it("keeps those beyond the limit as one quarantine event, and reading it again loses none", () => {
    const found: string[] = [];
    const readings: number[] = [];
    for (let next: string | Uint8Array | null = body; next !== null;) {
      const some = events(next);
      const last = some.at(-1);
      const rest = last?.kind === "quarantine" ? last : null;
      if (rest !== null) expect(JSON.parse(rest.raw)).toMatchObject({ reason: "too_many", place: "body" });
      const readable = rest === null ? some : some.slice(0, -1);
      found.push(...readable.map(({ object, id }) => `${object} ${id}`));
      readings.push(readable.length);
      next = rest === null ? null : quarantinedBody(rest);
    }
    expect(found).toHaveLength(7 * PER_ENTRY);
    expect(new Set(found).size).toBe(7 * PER_ENTRY);
    expect(readings).toHaveLength(2);
    for (const count of readings) expect(count).toBeLessThanOrEqual(MAX_PIECES);
  });

  it("gives each of them the id that it has in a delivery of its own", () => {
    const first = events(body);
    const rest = quarantinedBody(first.at(-1) ?? event("{}"));
    const [next] = events(rest);
    expect(next).toEqual(event({ object: "page", entry: [{ ...entry(4), messaging: [JSON.parse(next?.raw ?? "")] }] }));
  });

  it.each([
    ["empty updates", `{"object":"page","entry":[{"id":"1","time":1,"changes":[${list("{}")}]}]}`],
    ["empty entries", `{"object":"page","entry":[${list("{}")}]}`],
    ["empty notifications", `[${list("{}")}]`],
    ["unknown members", `{"object":"page","entry":[{${list('"a":1', 300_000)}}]}`],
    ["lists with one update", `{"object":"page","entry":[{"id":"1",${list('"changes":[{}]')}}]}`],
    ["numbers", `[${list("1")}]`],
    ["nested empty notifications", `[${list('{"object":"page","entry":[{},{}]}')}]`],
  ])("is bounded: %s", (_, text) => {
    const found = events(text);
    expect(found.length).toBeLessThanOrEqual(MAX_PIECES + 1);
    expect(JSON.parse(found.at(-1)?.raw ?? "")).toMatchObject({ reason: "too_many", place: "body" });
  });

  it("is not one of 1,000 updates in as many entries", () => {
    const entries = Array.from({ length: 1_000 }, (_, index) => ({ ...entry(index + 1), messaging: [{ index }] }));
    expect(events({ object: "page", entry: entries }).every(({ kind }) => kind !== "quarantine")).toBe(true);
  });
});

function list(element: string, length = 20_000): string {
  return Array.from({ length }, () => element).join(",");
}
