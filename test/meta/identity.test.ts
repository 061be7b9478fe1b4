import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MetaEvent } from "../../src/core/event.ts";
import { eventId, type Identifiable, MAX_ID_LENGTH } from "../../src/meta/identity.ts";
import { change, comment, event, events, IG, messaging, PERSON, read } from "./reader/deliveries.ts";

fc.configureGlobal({ seed: 20261120 });

const idOf = (body: unknown): string => event(body).id;

/** Two bodies that tell of one update. */
const same = (a: unknown, b: unknown): void => expect(idOf(a)).toBe(idOf(b));
const different = (a: unknown, b: unknown): void => expect(idOf(a)).not.toBe(idOf(b));

describe("a comment", () => {
  it("is known by its own id", () => {
    expect(idOf(change("comments", comment()))).toBe(`instagram:${IG}:comment:17984512367720415`);
    different(change("comments", comment()), change("comments", comment({ id: "17984512367720416" })));
  });

  it("is the same under an ad, with its id called comment_id, and with another time or text", () => {
    const plain = change("comments", comment());
    const { id: commentId, ...rest } = comment() as { id: string };
    same(plain, change("comments", comment({ media: { id: "1", ad_id: "2", original_media_id: "3" } })));
    same(plain, change("comments", { ...rest, comment_id: commentId }));
    same(plain, change("comments", comment({ text: "guide" }), { time: 1795169999 }));
  });

  it("is another on another account and as a live comment", () => {
    different(change("comments", comment()), change("comments", comment(), { id: "1" }));
    different(change("comments", comment()), change("live_comments", comment()));
  });

  it("without an id is known by its content", () => {
    const { id: _, ...anonymous } = comment() as { id: string };
    same(change("comments", anonymous), change("comments", anonymous));
    different(change("comments", anonymous), change("comments", { ...anonymous, text: "link" }));
    different(change("comments", anonymous), change("comments", anonymous, { time: 1795165203 }));
  });
});

describe("a message", () => {
  const message = { mid: "m_1", text: "hi" };

  it("is known by its mid, however it is delivered", () => {
    const value = { sender: { id: PERSON }, recipient: { id: IG }, timestamp: "1795165200", message };
    same(messaging({ message }), messaging({ message, timestamp: 1 }));
    same(messaging({ message }), change("messages", value));
  });

  it("is not its deletion, its edit, its echo, or the same in standby", () => {
    const all = [
      messaging({ message }),
      messaging({ message: { ...message, is_deleted: true } }),
      messaging({ message: { ...message, is_echo: true } }),
      messaging({ message_edit: { mid: "m_1", num_edit: 0 } }),
      messaging({ message_edit: { mid: "m_1", num_edit: 1 } }),
      messaging({}, { messaging: undefined, standby: [{ sender: { id: PERSON }, message }] }),
    ];
    expect(new Set(all.map(idOf)).size).toBe(all.length);
  });

  it("is edited once for each count, quoted or not", () => {
    const edit = (num_edit: unknown): unknown => messaging({ message_edit: { mid: "m_1", num_edit } });
    same(edit(1), edit("1"));
    different(edit(1), edit(2));
  });
});

describe("other kinds are told apart by", () => {
  const read1 = { mid: "m_1" };
  const react = { mid: "m_1", action: "react", emoji: "❤️" };
  it.each<[string, object, object]>([
    ["the emoji of a reaction", { reaction: react }, { reaction: { ...react, emoji: "😮" } }],
    ["the action of a reaction", { reaction: react }, { reaction: { ...react, action: "unreact" } }],
    ["the time of a reaction", { reaction: react }, { reaction: react, timestamp: 1795165200319 }],
    ["the mid of a postback", { postback: { mid: "a" } }, { postback: { mid: "b" } }],
    ["the payload of a postback", { postback: { payload: "a" } }, { postback: { payload: "b" } }],
    [
      "the time of a postback",
      { postback: { payload: "a" } },
      { postback: { payload: "a" }, timestamp: 1795165200319 },
    ],
    ["the person who read", { read: read1 }, { read: read1, sender: { id: "2" } }],
    ["the watermark of a read", { read: { watermark: 1 } }, { read: { watermark: 2 } }],
    [
      "the messages delivered",
      { delivery: { watermark: 1, mids: ["a"] } },
      { delivery: { watermark: 1, mids: ["b"] } },
    ],
    ["the ref of a referral", { referral: { ref: "a" } }, { referral: { ref: "b" } }],
    ["the ad of a referral", { referral: { ad_id: "1" } }, { referral: { ad_id: "2" } }],
    ["the ref of an opt-in", { optin: { ref: "a" } }, { optin: { ref: "b" } }],
    ["the user_ref of an opt-in", { sender: 0, optin: { user_ref: "a" } }, { sender: 0, optin: { user_ref: "b" } }],
    [
      "the new owner",
      { pass_thread_control: { new_owner_app_id: 1 } },
      { pass_thread_control: { new_owner_app_id: 2 } },
    ],
    ["the kind of handover", { pass_thread_control: {} }, { take_thread_control: {} }],
    ["the app roles", { app_roles: { "1": ["a"] } }, { app_roles: { "1": ["b"] } }],
    [
      "the action of a policy",
      { policy_enforcement: { action: "block" } },
      { policy_enforcement: { action: "warning" } },
    ],
    [
      "the feedback",
      { response_feedback: { mid: "m", feedback: "Good" } },
      { response_feedback: { mid: "m", feedback: "Bad" } },
    ],
    ["the status of a link", { account_linking: { status: "linked" } }, { account_linking: { status: "unlinked" } }],
    ["the game", { game_play: { game_id: "1" } }, { game_play: { game_id: "2" } }],
    ["the products of an order", { order: { products: [1] } }, { order: { products: [2] } }],
    ["the content of something new", { brand_new: 1 }, { brand_new: 2 }],
  ])("%s", (_, a, b) => {
    same(messaging(a), messaging(a));
    different(messaging(a), messaging(b));
  });

  const page = (value: object): unknown => ({
    object: "page",
    entry: [{ id: "1", time: 1795165201, changes: [{ field: "feed", value }] }],
  });
  const add = { item: "comment", verb: "add", comment_id: "1_2", post_id: "1_1", created_time: 1795165200 };
  const like = {
    item: "reaction",
    verb: "add",
    post_id: "1_1",
    from: { id: "7" },
    reaction_type: "love",
    created_time: 9,
  };
  it.each<[string, object, object]>([
    ["the verb of a Page comment", add, { ...add, verb: "edited" }],
    ["the time of a Page comment", add, { ...add, created_time: 1795165201 }],
    ["the person of a Page reaction", like, { ...like, from: { id: "8" } }],
    ["the kind of Page reaction", like, { ...like, reaction_type: "wow" }],
    ["the comment under a Page reaction", like, { ...like, comment_id: "1_2" }],
    [
      "the photo in a Page post",
      { item: "photo", post_id: "1", photo_id: "1" },
      { item: "photo", post_id: "1", photo_id: "2" },
    ],
  ])("%s", (_, a, b) => {
    same(page(a), page(a));
    different(page(a), page(b));
  });

  it("the place of a mention", () => {
    const mention = (value: object): unknown => change("mentions", value);
    same(mention({ media_id: "1", comment_id: "2" }), mention({ media_id: "9", comment_id: "2" }));
    different(mention({ media_id: "2" }), mention({ media_id: "1", comment_id: "2" }));
    different(mention({ media_id: "1" }), mention({ media_id: "2" }));
  });
});

describe("an id", () => {
  const text = fc.string({ unit: "binary", maxLength: 30 });
  const identifiable = fc.record<Identifiable>({
    object: text,
    accountId: text,
    kind: fc.constantFrom("comment", "message", "referral", "seen", "reaction", "change"),
    inner: fc.constant(null),
    field: text,
    body: fc.record({
      id: text,
      sender: fc.record({ id: text }),
      message: fc.record({ mid: text }),
      read: fc.record({ mid: text, watermark: text }),
      referral: fc.record({ ref: text }),
      reaction: fc.record({ mid: text, action: text, emoji: text }),
    }),
    time: fc.option(fc.nat(), { nil: null }),
    raw: text,
  });

  it("can stand in a URL path, a log line and a KV key as it is", () => {
    fc.assert(
      fc.property(identifiable, (of) => {
        const id = eventId(of);
        expect(id).toMatch(/^[A-Za-z0-9._:~-]+$/);
        expect(id.length).toBeLessThanOrEqual(MAX_ID_LENGTH);
        expect(new URL(`https://x.example/events/${id}`).pathname).toBe(`/events/${id}`);
      }),
    );
  });

  it("is never shared by two comments whose parts differ, however they are pasted together", () => {
    const part = fc.string({ unit: fc.constantFrom("a", ":", "~", "0", "3", "é", "/"), maxLength: 6 });
    const parts = fc.tuple(part, part, part);
    const idOfParts = ([object, accountId, id]: [string, string, string]): string =>
      eventId({ object, accountId, kind: "comment", inner: null, field: "", body: { id: `x${id}` }, time: 1, raw: "" });
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        expect(idOfParts(a) === idOfParts(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
      { numRuns: 2000 },
    );
  });

  it("keeps a readable beginning and a hash when a part is very long", () => {
    const long = (tail: string): string => idOf(messaging({ message: { mid: `${"m".repeat(400)}${tail}` } }));
    expect(long("a")).toMatch(/^instagram:17841460928374651:message:m+~sha256-[0-9a-f]{64}$/);
    expect(long("a")).not.toBe(long("b"));
  });

  it("does not give away the token of an opt-in", () => {
    const token = "8841203377560192845";
    expect(idOf(messaging({ optin: { notification_messages_token: token } }))).not.toContain(token);
  });

  it("is the same whether Meta prints ids as text or as numbers", () => {
    const digits = fc.bigInt({ min: 1n, max: 10n ** 19n }).map(String);
    fc.assert(
      fc.property(digits, digits, (account, id) => {
        const body = (quote: string): string =>
          `{"object":"instagram","entry":[{"id":${quote}${account}${quote},"time":1,"changes":[{"field":"comments","value":{"id":${quote}${id}${quote}}}]}]}`;
        expect(idOf(body(""))).toBe(idOf(body('"')));
        expect(idOf(body(""))).toBe(`instagram:${account}:comment:${id}`);
      }),
    );
  });
});

describe("a delivery", () => {
  interface Update {
    account: string;
    container: "changes" | "messaging";
    item: object;
  }
  const id = fc.nat(40).map(String);
  const update: fc.Arbitrary<Update> = fc
    .tuple(fc.constantFrom("11", "22", "33"), id, fc.constantFrom("comment", "message", "echo", "reaction", "seen"))
    .map(([account, mid, kind]) => {
      const sender = { sender: { id: "7" }, timestamp: 1795165200318 };
      if (kind === "comment") {
        return { account, container: "changes", item: { field: "comments", value: { id: mid, text: "Grüße 🙏" } } };
      }
      const inner = {
        message: { message: { mid } },
        echo: { message: { mid, is_echo: true } },
        reaction: { reaction: { mid, action: "react" } },
        seen: { read: { mid } },
      }[kind];
      return { account, container: "messaging", item: { ...sender, ...inner } };
    });

  /** Deliveries as Meta might cut them: every update in the entry of its account, entries in any number of bodies. */
  const bodyOf = (updates: readonly Update[], escape: boolean): string => {
    const entry = ({ account, container, item }: Update) => ({ id: account, time: 1795165202, [container]: [item] });
    const text = JSON.stringify({ object: "instagram", entry: updates.map(entry) });
    if (!escape) return text;
    return text.replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  };

  const idsOf = (bodies: readonly string[]): string[] =>
    bodies.flatMap((body) => events(body).map((found) => found.id)).toSorted();

  it("gives its updates the same ids in any order, batch and form", () => {
    const cuts = fc.array(fc.boolean(), { minLength: 30, maxLength: 30 });
    const updates = fc.array(update, { maxLength: 30 });
    const shuffled = updates.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }), cuts, fc.boolean()),
    );
    fc.assert(
      fc.property(shuffled, ([inOrder, reordered, cut, escape]) => {
        const batches: Update[][] = [[]];
        for (const [index, one] of reordered.entries()) {
          if (cut[index] ?? false) batches.push([]);
          batches.at(-1)?.push(one);
        }
        expect(idsOf(batches.map((batch) => bodyOf(batch, escape)))).toEqual(idsOf([bodyOf(inOrder, false)]));
      }),
      { numRuns: 200 },
    );
  });

  it("that is read twice gives the same events but for the delivery itself", () => {
    const body = bodyOf([{ account: "11", container: "messaging", item: { message: { mid: "m" } } }], false);
    const withoutDelivery = (found: MetaEvent): object => ({ ...found, receivedAt: null, deliveryId: null });
    const first = read(body, { receivedAt: 1, deliveryId: "a" }).events.map(withoutDelivery);
    expect(read(body, { receivedAt: 2, deliveryId: "b" }).events.map(withoutDelivery)).toEqual(first);
  });
});
