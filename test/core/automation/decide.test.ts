import { describe, expect, it } from "vitest";
import type { Automation, MissReason, TriggerOn } from "../../../src/core/automation/automation.ts";
import {
  decide,
  missesByMedia,
  type PlannedReply,
  type DecisionContext,
  type Verdict,
} from "../../../src/core/automation/decide.ts";
import type { Subject } from "../../../src/core/automation/subject.ts";

const COMMENT: Subject = {
  on: ["comment"],
  blocked: null,
  text: "the guide please",
  keywordTexts: {},
  personId: "17841400000000001",
  username: "ana",
  commentId: "17900000000000001",
  parentId: null,
  messageId: null,
  mediaId: "18000000000000001",
  originalMediaId: null,
  mediaIds: ["18000000000000001"],
  fields: { "media.id": "18000000000000001" },
};

const MESSAGE: Subject = {
  ...COMMENT,
  on: ["message"],
  commentId: null,
  mediaId: null,
  mediaIds: [],
  messageId: "mid.1",
  fields: {},
};

const CALM: DecisionContext = {
  privateReplyTaken: false,
  publicRepliesLeft: 3,
  humanActive: false,
  capReached: false,
  outsideWindow: false,
  gone: null,
  adCopy: false,
  connected: true,
};

function automation(
  id: string,
  change: Partial<Automation> & { on?: TriggerOn; mediaIds?: string[] } = {},
): Automation {
  const { on = "comment", mediaIds = [], ...rest } = change;
  return {
    id,
    name: id,
    enabled: true,
    trigger: { on, keywords: ["guide"], match: "word", mediaIds },
    actions: on === "message" ? { message: { text: "Hi" } } : { privateReply: { text: "Hi {{username}}" } },
    ...rest,
  };
}

const first = () => 0;

function one(subject: Subject, asked: Automation, context: Partial<DecisionContext> = {}): Verdict {
  const [verdict] = decide(subject, [asked], { ...CALM, ...context }, first);
  if (verdict === undefined) throw new Error("no verdict");
  return verdict;
}

function repliesOf(verdict: Verdict | undefined): PlannedReply[] {
  if (verdict === undefined || !verdict.fired) throw new Error(`did not fire: ${JSON.stringify(verdict)}`);
  return verdict.replies;
}

const reasonOf = (verdict: Verdict): string | null => (verdict.fired ? null : verdict.reason);

describe("a triggered automation", () => {
  it("plans the private reply, rendered with the fields of the event", () => {
    expect(one(COMMENT, automation("a"))).toEqual({
      automationId: "a",
      fired: true,
      replies: [{ kind: "private_reply", content: { text: "Hi ana" }, reads: [], deferSeconds: null }],
    });
  });

  it("passes on its reply delay", () => {
    expect(repliesOf(one(COMMENT, automation("a", { deferSeconds: 30 })))[0]?.deferSeconds).toBe(30);
  });

  it("plans a public and a private reply, and selects the public text with the random number", () => {
    const asked = automation("a", {
      actions: { privateReply: { text: "Hi" }, publicReply: { texts: ["one", "{{username}}", "three"] } },
    });
    const textFor = (random: number) =>
      repliesOf(decide(COMMENT, [asked], CALM, () => random)[0]).map((reply) => [reply.kind, reply.content.text]);
    expect(textFor(0)[1]).toEqual(["public_reply", "one"]);
    expect(textFor(0.5)[1]).toEqual(["public_reply", "ana"]);
    expect(textFor(0.999)[1]).toEqual(["public_reply", "three"]);
  });

  it("replies to a message with a message", () => {
    expect(repliesOf(one(MESSAGE, automation("a", { on: "message" })))).toEqual([
      { kind: "message", content: { text: "Hi" }, reads: [], deferSeconds: null },
    ]);
  });

  it("lists the Graph reads that are needed first, and leaves their fields unrendered", () => {
    const asked = automation("a", {
      actions: { privateReply: { text: "{{parent.text|-}} {{media.permalink}} {{text}}" } },
    });
    const [reply] = repliesOf(one({ ...COMMENT, parentId: "17900000000000000" }, asked));
    expect(reply?.reads).toEqual(["parent.text", "media.permalink"]);
    expect(reply?.content.text).toBe("{{parent.text|-}} {{media.permalink}} the guide please");
  });

  it("does not read a parent if the comment has none", () => {
    const asked = automation("a", { actions: { privateReply: { text: "{{parent.text|none}}" } } });
    expect(repliesOf(one(COMMENT, asked))[0]).toMatchObject({ content: { text: "none" }, reads: [] });
  });

  it("does not treat the post that a Page sends as parent as a comment", () => {
    const asked = automation("a", { actions: { privateReply: { text: "{{parent.text|none}}" } } });
    const onPage = { ...COMMENT, mediaId: "100_1", parentId: "100_1" };
    expect(repliesOf(one(onPage, asked))[0]).toMatchObject({ content: { text: "none" }, reads: [] });
  });

  it("sends an attachment unchanged", () => {
    const message = { attachment: { type: "image", payload: { url: "https://example.com/{{text}}.png" } } };
    expect(repliesOf(one(MESSAGE, automation("a", { on: "message", actions: { message } })))[0]?.content).toEqual(
      message,
    );
  });

  it("keeps the quick replies of a text", () => {
    const quick_replies = [{ content_type: "text", title: "Yes", payload: "YES" }];
    const message = { text: "{{username}}?", quick_replies };
    expect(repliesOf(one(MESSAGE, automation("a", { on: "message", actions: { message } })))[0]?.content).toEqual({
      text: "ana?",
      quick_replies,
    });
  });
});

describe("why an automation is not triggered", () => {
  const cases: [reason: MissReason, subject: Subject, asked: Automation, context: Partial<DecisionContext>][] = [
    ["disabled", COMMENT, automation("a", { enabled: false }), {}],
    ["own_comment", { ...COMMENT, blocked: "own_comment" }, automation("a"), {}],
    ["echo", { ...COMMENT, on: [], blocked: "echo" }, automation("a"), {}],
    ["other_trigger", COMMENT, automation("a", { on: "message" }), {}],
    ["other_trigger", { ...COMMENT, on: [] }, automation("a"), {}],
    ["other_media", COMMENT, automation("a", { mediaIds: ["18000000000000009"] }), {}],
    ["no_keyword", { ...COMMENT, text: "guidebook" }, automation("a"), {}],
    ["no_keyword", { ...COMMENT, text: null }, automation("a"), {}],
    ["deleted", COMMENT, automation("a"), { gone: "deleted" }],
    ["erased", COMMENT, automation("a"), { gone: "erased" }],
    ["ad_copy", COMMENT, automation("a"), { adCopy: true }],
    ["no_target", { ...COMMENT, commentId: null }, automation("a"), {}],
    ["no_target", { ...MESSAGE, personId: null }, automation("a", { on: "message" }), {}],
    ["outside_window", COMMENT, automation("a"), { outsideWindow: true }],
    ["human_active", COMMENT, automation("a"), { humanActive: true }],
    ["conversation_cap", COMMENT, automation("a"), { capReached: true }],
    ["not_connected", COMMENT, automation("a"), { connected: false }],
    ["already_replied", COMMENT, automation("a"), { privateReplyTaken: true }],
    [
      "template_empty",
      { ...COMMENT, username: null },
      automation("a", { actions: { privateReply: { text: "{{username}}" } } }),
      {},
    ],
    ["template_empty", COMMENT, automation("a", { actions: {} }), {}],
  ];

  it.each(cases)("%s", (reason, subject, asked, context) => {
    expect(one(subject, asked, context)).toEqual({ automationId: "a", fired: false, reason });
  });

  it("reports the most useful reason if several apply", () => {
    const everything: Partial<DecisionContext> = {
      gone: "deleted",
      adCopy: true,
      outsideWindow: true,
      humanActive: true,
      capReached: true,
      connected: false,
      privateReplyTaken: true,
    };
    expect(reasonOf(one({ ...COMMENT, blocked: "own_comment" }, automation("a", { enabled: false }), everything))).toBe(
      "disabled",
    );
    expect(reasonOf(one({ ...COMMENT, blocked: "own_comment" }, automation("a"), everything))).toBe("own_comment");
    expect(reasonOf(one({ ...COMMENT, text: "hello" }, automation("a"), everything))).toBe("no_keyword");
    expect(reasonOf(one(COMMENT, automation("a"), everything))).toBe("deleted");
  });
});

describe("media", () => {
  it("matches the post that an ad was made from", () => {
    const ad = { ...COMMENT, mediaId: "18000000000000002", originalMediaId: "18000000000000001" };
    expect(one(ad, automation("a", { mediaIds: ["18000000000000001"] })).fired).toBe(true);
  });

  it("is ignored for triggers other than comments", () => {
    expect(one(MESSAGE, automation("a", { on: "message", mediaIds: ["18000000000000001"] })).fired).toBe(true);
  });
});

describe("several automations on one comment", () => {
  const both = { privateReply: { text: "Hi" }, publicReply: { texts: ["Sent!"] } };

  it("share one private reply: the first creates it, the next is skipped", () => {
    const verdicts = decide(COMMENT, [automation("a"), automation("b")], CALM, first);
    expect(verdicts.map(reasonOf)).toEqual([null, "already_replied"]);
  });

  it("each still reply publicly", () => {
    const verdicts = decide(COMMENT, [automation("a"), automation("b", { actions: both })], CALM, first);
    expect(repliesOf(verdicts[1]).map((reply) => reply.kind)).toEqual(["public_reply"]);
  });

  it("do not use the private reply if they are skipped or reply only publicly", () => {
    const asked = [
      automation("a", { enabled: false }),
      automation("b", { actions: { publicReply: { texts: ["Thanks"] } } }),
      automation("c"),
    ];
    const verdicts = decide(COMMENT, asked, CALM, first);
    expect(repliesOf(verdicts[2]).map((reply) => reply.kind)).toEqual(["private_reply"]);
  });

  it("reply publicly if the private reply already exists", () => {
    const verdict = one(COMMENT, automation("a", { actions: both }), { privateReplyTaken: true });
    expect(repliesOf(verdict).map((reply) => reply.kind)).toEqual(["public_reply"]);
  });

  it("give one result each, in order", () => {
    const verdicts = decide(
      COMMENT,
      ["x", "y", "z"].map((id) => automation(id)),
      CALM,
      first,
    );
    expect(verdicts.map((verdict) => verdict.automationId)).toEqual(["x", "y", "z"]);
  });

  it("each reply to a message: the limit is one message per event and automation", () => {
    const asked = [automation("a", { on: "message" }), automation("b", { on: "message" })];
    expect(decide(MESSAGE, asked, CALM, first).map((verdict) => verdict.fired)).toEqual([true, true]);
  });
});

describe("blank texts", () => {
  it("do not post a public reply if the private reply is blank", () => {
    const actions = { privateReply: { text: "{{ref}}" }, publicReply: { texts: ["Sent!"] } };
    expect(reasonOf(one(COMMENT, automation("a", { actions })))).toBe("template_empty");
  });

  it("are never selected from the texts of a public reply", () => {
    const asked = automation("a", { actions: { publicReply: { texts: ["{{ref}}", " ", "Thanks"] } } });
    expect(repliesOf(one(COMMENT, asked))[0]?.content.text).toBe("Thanks");
  });
});

describe("a person who came by a link", () => {
  /** The first message of a new thread, or a tap on Get Started, carries the link. */
  const ARRIVAL: Subject = {
    ...MESSAGE,
    on: ["referral", "postback"],
    text: "GET_STARTED",
    keywordTexts: { referral: ["summer"], postback: ["GET_STARTED", "Get started"] },
  };
  const by = (on: TriggerOn, keyword: string | null, change: Partial<Automation> = {}): Automation => ({
    ...automation(`${on}:${keyword ?? "any"}`),
    trigger: {
      on,
      keywords: keyword === null ? [] : [keyword],
      match: keyword === null ? "any" : "word",
      mediaIds: [],
    },
    actions: { message: { text: "Hi" } },
    ...change,
  });
  const reasons = (subject: Subject, automations: Automation[], context: Partial<DecisionContext> = {}) =>
    decide(subject, automations, { ...CALM, ...context }, first).map((verdict) => reasonOf(verdict) ?? "fired");

  it.each([["summer"], [null]])("gets one answer, of the referral automation (%s), wherever it stands", (ref) => {
    const referral = by("referral", ref);
    const postback = by("postback", null);
    expect(reasons(ARRIVAL, [postback, referral])).toEqual(["referral_answered", "fired"]);
    expect(reasons(ARRIVAL, [referral, postback])).toEqual(["fired", "referral_answered"]);
  });

  it("gets the answer of the other trigger if no referral automation matches", () => {
    const postback = by("postback", "get_started");
    expect(reasons(ARRIVAL, [by("referral", "winter"), postback])).toEqual(["no_keyword", "fired"]);
    expect(reasons(ARRIVAL, [by("referral", null, { enabled: false }), postback])).toEqual(["disabled", "fired"]);
    expect(reasons(ARRIVAL, [postback])).toEqual(["fired"]);
    expect(reasons(ARRIVAL, [by("referral", null, { actions: { message: { text: "{{ad.id}}" } } }), postback])).toEqual(
      ["template_empty", "fired"],
    );
  });

  it("gets no answer for another reason than that it may not be answered now", () => {
    const both = [by("postback", null), by("referral", null)];
    expect(reasons(ARRIVAL, both, { humanActive: true })).toEqual(["human_active", "human_active"]);
  });

  it("still gets it by an automation for referrals where nothing else came along", () => {
    expect(reasons({ ...ARRIVAL, on: ["referral"] }, [by("referral", "summer")])).toEqual(["fired"]);
  });
});

describe("a tap on a button", () => {
  const tap = (on: TriggerOn, texts: string[]): Subject => ({
    ...MESSAGE,
    on: [on],
    text: texts[0] ?? null,
    keywordTexts: { [on]: texts },
  });
  const fires = (subject: Subject, on: TriggerOn, keyword: string, match: "word" | "exact" | "contains" = "word") =>
    one(subject, {
      ...automation("a", { on: "message" }),
      trigger: { on, keywords: [keyword], match, mediaIds: [] },
    }).fired;

  it.each(["message", "postback"] as const)("matches with its label or its payload (%s)", (on) => {
    const subject = tap(on, ["Send it", "WANT_GUIDE"]);
    expect(fires(subject, on, "want_guide")).toBe(true);
    expect(fires(subject, on, "WANT_GUIDE", "exact")).toBe(true);
    expect(fires(subject, on, "Send it", "exact")).toBe(true);
    expect(fires(subject, on, "guide")).toBe(false);
    // One text must match, not the two together.
    expect(fires(subject, on, "it WANT_GUIDE")).toBe(false);
  });
});

describe("an automation for some posts", () => {
  const reel: Subject = {
    ...COMMENT,
    mediaId: "948_1109",
    mediaIds: ["948_1109", "1517627079555205"],
  };

  it.each(["948_1109", "1109", "1517627079555205", "948_1517627079555205"])("finds its post as %s", (id) => {
    expect(one(reel, automation("a", { mediaIds: ["5", id] })).fired).toBe(true);
  });

  it.each(["948", "948_", "110", "948_1517", "_", ""])("does not take %j for its post", (id) => {
    expect(reasonOf(one(reel, automation("a", { mediaIds: [id] })))).toBe("other_media");
  });

  it("is worth asking Meta about the media where nothing else is in the way", () => {
    const other = automation("a", { mediaIds: ["17900000000000100"] });
    expect(missesByMedia(COMMENT, [automation("b"), other])).toBe(true);
    expect(missesByMedia(COMMENT, [automation("b")])).toBe(false);
    expect(missesByMedia(COMMENT, [automation("a", { mediaIds: COMMENT.mediaIds.slice() })])).toBe(false);
    expect(missesByMedia({ ...COMMENT, text: "nice" }, [other])).toBe(false);
    expect(missesByMedia({ ...COMMENT, blocked: "own_comment" }, [other])).toBe(false);
    expect(missesByMedia({ ...COMMENT, on: ["mention"] }, [other])).toBe(false);
    expect(missesByMedia(COMMENT, [{ ...other, enabled: false }])).toBe(false);
    expect(missesByMedia(MESSAGE, [other])).toBe(false);
  });
});
