/** From the form to the automation, and what is said of it before it is saved. */
import { describe, expect, it } from "vitest";
import type { Automation } from "../../../src/core/automation/automation.ts";
import { automationFrom } from "../../../src/console/client/automation-from-form.ts";
import { idOf } from "../../../src/console/client/automation-id.ts";
import { problemsOf, refusalOf, refusedLine } from "../../../src/console/client/automation-problems.ts";
import { keywordsIn, keywordsText } from "../../../src/console/client/keywords.ts";

const GUIDE: Automation = {
  id: "guide",
  name: "Send the guide",
  enabled: false,
  trigger: { on: "comment", keywords: ["guide"], match: "word", mediaIds: ["18054321970886143"] },
  actions: { privateReply: { text: "Here it is" }, publicReply: { texts: ["Sent!"] } },
  deferSeconds: 30,
};

const LIMITS = {
  message: { max: 1_000, unit: "bytes" },
  comment: { max: 2_200, unit: "characters" },
  quickReplies: 13,
} as const;

/** The form as it is drawn from `GUIDE`, with changes. */
function read(changed: Record<string, string | null> = {}, before: Automation = GUIDE): Automation {
  const form: Record<string, string | null> = {
    name: "Send the guide",
    on: "comment",
    match: "word",
    keywords: "guide",
    mediaIds: "18054321970886143",
    privateReply: "Here it is",
    publicReply: "Sent!",
    deferSeconds: "30",
    ...changed,
  };
  return automationFrom((name) => form[name] ?? null, before, before.id);
}

describe("the form", () => {
  it("without changes gives the automation that it was drawn from", () => {
    expect(JSON.stringify(read())).toBe(JSON.stringify({ ...GUIDE }));
  });

  it("reads a keyword and a post a line, and skips what is blank", () => {
    const { trigger } = read({ keywords: " guide \n\n link\n", mediaIds: "\n" });
    expect(trigger.keywords).toEqual(["guide", "link"]);
    expect(trigger.mediaIds).toEqual([]);
  });

  it("takes a comma for a border, between keywords and between posts", () => {
    const { trigger } = read({ keywords: "guide, link,,\nthe price，価格", mediaIds: "1805, 1806 1807" });
    expect(trigger.keywords).toEqual(["guide", "link", "the price", "価格"]);
    expect(trigger.mediaIds).toEqual(["1805", "1806", "1807"]);
  });

  it("reads several public replies with a line of dashes between them", () => {
    expect(read({ publicReply: "Sent!\n---\n On its way\nto you \n---\n" }).actions.publicReply).toEqual({
      texts: ["Sent!", "On its way\nto you"],
    });
    expect(read({ publicReply: "one --- two" }).actions.publicReply).toEqual({ texts: ["one --- two"] });
    expect(read({ publicReply: " " }).actions).not.toHaveProperty("publicReply");
  });

  it("has no deferral of its own when the field is empty, and keeps a 0", () => {
    expect(read({ deferSeconds: "" })).not.toHaveProperty("deferSeconds");
    expect(read({ deferSeconds: "0" }).deferSeconds).toBe(0);
  });

  it("takes the text along to another trigger, and leaves behind what that one cannot do", () => {
    const onMessage = read({ on: "message" });
    expect(onMessage.actions).toEqual({ message: { text: "Here it is" } });
    expect(onMessage.trigger.mediaIds).toEqual([]);
    const back = automationFrom(
      (name) => ({ name: "x", on: "comment", message: "Here it is" })[name] ?? null,
      onMessage,
      "guide",
    );
    expect(back.actions).toEqual({ privateReply: { text: "Here it is" } });
    expect(read({ on: "live_comment" }).actions).toEqual({ privateReply: { text: "Here it is" } });
  });

  it("keeps what it has no field for", () => {
    const quick = [{ content_type: "text" as const, title: "Yes", payload: "YES" }];
    const withQuick = { ...GUIDE, actions: { privateReply: { text: "Here", quick_replies: quick } } };
    expect(read({ privateReply: "There" }, withQuick).actions.privateReply).toEqual({
      text: "There",
      quick_replies: quick,
    });
    const attachment = { type: "image" as const, payload: { url: "https://example.com/a.png" } };
    const withImage = { ...GUIDE, actions: { privateReply: { attachment } } };
    expect(read({ privateReply: null, publicReply: null }, withImage).actions).toEqual({
      privateReply: { attachment },
    });
  });
});

describe("keywords in a field", () => {
  it.each([
    ["yes, please", "no"],
    ['5" screen', '"quoted"', '"a", b'],
    [" spaced ", "two\nlines", "“curly”", "c++", "🙏🏽"],
    [],
  ])("come back as they were: %j %j %j", (...keywords) => {
    expect(keywordsIn(keywordsText(keywords))).toEqual(keywords);
  });

  it("have a comma of their own in quotes, as a keyboard makes them", () => {
    expect(keywordsText(["yes, please", "no"])).toBe('"yes, please"\nno');
    expect(keywordsIn('“yes, please”, no\n"ok, go" ')).toEqual(["yes, please", "no", "ok, go"]);
  });

  it("are read while the quotes are still open", () => {
    expect(keywordsIn('"yes, pl')).toEqual(['"yes', "pl"]);
    expect(keywordsIn('say "yes, please"')).toEqual(['say "yes', 'please"']);
  });
});

describe("an id made of a name", () => {
  it("is short, plain and free", () => {
    expect(idOf("Send the Guide!", new Set())).toBe("send-the-guide");
    expect(idOf("  Überraschung à la carte ", new Set())).toBe("uberraschung-a-la-carte");
    expect(idOf("Send the guide", new Set(["send-the-guide", "send-the-guide-2"]))).toBe("send-the-guide-3");
    expect(idOf("価格", new Set())).toBe("automation");
    expect(idOf(" ", new Set())).toBe("");
    expect(idOf("x".repeat(200), new Set()).length).toBeLessThanOrEqual(64);
  });
});

describe("what is wrong before saving", () => {
  it("is nothing with a whole automation", () => {
    expect(problemsOf(GUIDE, new Set(["hours"]), LIMITS)).toEqual([]);
  });

  it("is said at its field: the name, the id, and what the model asks for", () => {
    expect(problemsOf({ ...GUIDE, name: " ", id: "" }, new Set(), LIMITS)).toEqual([
      { field: "name", text: "Enter a name." },
    ]);
    expect(problemsOf({ ...GUIDE, id: "with spaces" }, new Set(), LIMITS)[0]?.text).toContain("The id must be");
    expect(problemsOf(GUIDE, new Set(["guide"]), LIMITS)).toEqual([
      { field: "id", text: "Another automation has this id." },
    ]);
  });

  const withText = (text: string): Automation => ({ ...GUIDE, actions: { privateReply: { text } } });
  const trigger = (change: Partial<Automation["trigger"]>): Automation => ({
    ...GUIDE,
    trigger: { ...GUIDE.trigger, ...change },
  });

  it.each<[string, Automation, string | null, string]>([
    ["no keyword", trigger({ keywords: [] }), "keywords", "Enter at least one keyword, or select “any text”."],
    [
      "a keyword of nothing",
      trigger({ keywords: ["a", "\u2060"] }),
      "keywords",
      "Keyword 2 (“\u2060”) contains no searchable text.",
    ],
    ["no reply", { ...GUIDE, actions: {} }, "privateReply", "Write a private reply or a public one."],
    [
      "no message",
      { ...GUIDE, trigger: { ...GUIDE.trigger, on: "message", mediaIds: [] }, actions: {} },
      "message",
      "Write the message.",
    ],
    ["a blank text", withText(" "), "privateReply", "The private reply is empty."],
    [
      "a blank text among several",
      { ...GUIDE, actions: { publicReply: { texts: ["a", " "] } } },
      "publicReply",
      "Text 2 of the public reply is empty.",
    ],
    ["a long text", withText("x".repeat(1_001)), "privateReply", "The private reply is too long: 1001 bytes"],
    ["an unknown field", withText("{{user}}"), "privateReply", "In the private reply: There is no field {{user}}."],
    ["another trigger's field", withText("{{story.url}}"), "privateReply", "A comment has no field {{story.url}}."],
    [
      "open braces",
      withText("Hi {{username"),
      "privateReply",
      "In the private reply: These braces do not form a field",
    ],
    [
      "too long a wait",
      { ...GUIDE, deferSeconds: 90_000 },
      "deferSeconds",
      "The reply delay must be from 0 to 86,400 seconds.",
    ],
    [
      "another trigger's action",
      { ...GUIDE, actions: { privateReply: { text: "a" }, message: { text: "a" } } },
      null,
      "In the JSON: the message is not possible for this trigger (a comment).",
    ],
    [
      "an image of nothing",
      { ...GUIDE, actions: { privateReply: { attachment: { type: "image" } } } },
      null,
      "The private reply, in the JSON: attachment.payload is required",
    ],
  ])("with %s speaks as the form does", (_what, automation, field, text) => {
    const problems = problemsOf(automation, new Set(), LIMITS);
    expect(problems.map((one) => one.field)).toEqual([field]);
    expect(problems[0]?.text).toContain(text);
    expect(problems[0]?.text).not.toMatch(/"any"|privateReply|trigger\./);
  });
});

describe("what the API says of a list", () => {
  it("is said of the automation by its name, and at the field", () => {
    const long = { ...GUIDE, trigger: { ...GUIDE.trigger, keywords: ["k".repeat(101)] } };
    const refused = refusalOf(
      [
        { field: "automations[1].trigger.keywords[0]", message: "must have at most 100 characters" },
        { field: "automations[0].extra", message: "is not a known key; known keys: id, name" },
        { field: "automations", message: "must have at most 200 entries" },
      ],
      [{ ...GUIDE, id: "other", name: "Other" }, long],
    );
    expect(refused.map(({ id, field }) => [id, field])).toEqual([
      ["guide", "keywords"],
      ["other", null],
      [null, null],
    ]);
    expect(refused.map(refusedLine)).toEqual([
      `“Send the guide”: Keyword 1 (“${"k".repeat(24)}…”) must have at most 100 characters.`,
      "“Other”: In the JSON, extra is not a known key; known keys: id, name.",
      "The list must have at most 200 entries.",
    ]);
  });
});
