/** From the form to the automation, and what is said of it before it is saved. */
import { describe, expect, it } from "vitest";
import type { Automation } from "../../../src/core/automation/automation.ts";
import { automationFrom } from "../../../src/console/client/automation-from-form.ts";
import { idOf } from "../../../src/console/client/automation-id.ts";
import { problemsOf } from "../../../src/console/client/automation-problems.ts";

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

/** The form as it is drawn from `GUIDE`, with what somebody has changed. */
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
  it("that nobody has touched gives the automation that it was drawn from", () => {
    expect(JSON.stringify(read())).toBe(JSON.stringify({ ...GUIDE }));
  });

  it("reads a keyword and a post a line, and skips what is blank", () => {
    const { trigger } = read({ keywords: " guide \n\n link\n", mediaIds: "\n" });
    expect(trigger.keywords).toEqual(["guide", "link"]);
    expect(trigger.mediaIds).toEqual([]);
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

  it("is said in sentences: the name, the id, and what the model asks for", () => {
    expect(problemsOf({ ...GUIDE, name: " ", id: "" }, new Set(), LIMITS)).toEqual(["Give it a name."]);
    expect(problemsOf({ ...GUIDE, id: "with spaces" }, new Set(), LIMITS)[0]).toContain("The id must be");
    expect(problemsOf(GUIDE, new Set(["guide"]), LIMITS)).toEqual(["Another automation has this id."]);
    const long = { ...GUIDE, actions: { privateReply: { text: "x".repeat(1_001) } } };
    expect(problemsOf(long, new Set(), LIMITS)).toHaveLength(1);
    expect(problemsOf({ ...GUIDE, actions: {} }, new Set(), LIMITS)).toHaveLength(1);
  });
});
