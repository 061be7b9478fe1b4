import { describe, expect, it } from "vitest";
import { type Automation, TRIGGERS, type TriggerOn } from "../../../src/core/automation/automation.ts";
import { TEMPLATE_FIELDS } from "../../../src/core/automation/fields.ts";
import { type AutomationLimits, checkAutomation, checkAutomations } from "../../../src/core/automation/validate.ts";

const LIMITS: AutomationLimits = {
  messageText: { max: 1000, unit: "bytes" },
  commentText: { max: 2200, unit: "characters" },
  quickReplies: 13,
};

function automation(change: {
  id?: string;
  on?: TriggerOn;
  trigger?: Partial<Automation["trigger"]>;
  actions?: Automation["actions"];
  deferSeconds?: number;
}): Automation {
  const { id = "a", on = "comment", trigger = {}, actions = { privateReply: { text: "Hi" } }, ...rest } = change;
  return {
    id,
    name: "Guide",
    enabled: true,
    trigger: { on, keywords: ["guide"], match: "word", mediaIds: [], ...trigger },
    actions,
    ...rest,
  };
}

const found = (asked: Automation) => checkAutomation(asked, LIMITS).map(({ path, code }) => [path, code]);
const withText = (text: string, on: TriggerOn = "comment") =>
  found(automation({ on, actions: { privateReply: { text } } }));

describe("a valid automation", () => {
  it("has no problems", () => {
    const asked = automation({
      actions: {
        privateReply: { text: "Hi {{username|there}}: https://example.com/guide" },
        publicReply: { texts: ["Sent!", "On its way, {{username}}."] },
      },
      deferSeconds: 10,
    });
    expect(found(asked)).toEqual([]);
  });

  it("needs no keywords when it matches any text", () => {
    expect(found(automation({ trigger: { match: "any", keywords: [] } }))).toEqual([]);
  });

  it.each(TRIGGERS)("on %s may use every field that its events have", (on) => {
    const text = TEMPLATE_FIELDS.filter((field) => field.on.includes(on))
      .map(({ name }) => `{{${name}}}`)
      .join(" ");
    const actions = ["comment", "live_comment", "mention"].includes(on)
      ? { privateReply: { text } }
      : { message: { text } };
    expect(found(automation({ on, actions }))).toEqual([]);
  });
});

describe("the trigger", () => {
  it.each(["word", "contains", "exact"] as const)("with match %s needs a keyword", (match) => {
    expect(found(automation({ trigger: { match, keywords: [] } }))).toEqual([["trigger.keywords", "keywords_missing"]]);
  });

  it("refuses an invisible keyword", () => {
    expect(found(automation({ trigger: { keywords: ["guide", " ", "\u2060"] } }))).toEqual([
      ["trigger.keywords[1]", "keyword_blank"],
      ["trigger.keywords[2]", "keyword_blank"],
    ]);
  });

  it("selects media only for comments", () => {
    const asked = automation({ on: "message", trigger: { mediaIds: ["1"] }, actions: { message: { text: "Hi" } } });
    expect(found(asked)).toEqual([["trigger.mediaIds", "media_not_for_trigger"]]);
    expect(found(automation({ trigger: { mediaIds: ["1"] } }))).toEqual([]);
  });
});

describe("the actions", () => {
  it("are at least one", () => {
    expect(found(automation({ actions: {} }))).toEqual([["actions", "action_missing"]]);
  });

  it("of a comment are replies, not messages", () => {
    expect(found(automation({ actions: { message: { text: "Hi" } } }))).toEqual([
      ["actions", "action_missing"],
      ["actions.message", "action_not_for_trigger"],
    ]);
  });

  it("of a message are messages, not replies", () => {
    const actions = { message: { text: "Hi" }, privateReply: { text: "Hi" }, publicReply: { texts: ["Hi"] } };
    expect(found(automation({ on: "message", actions }))).toEqual([
      ["actions.privateReply", "action_not_for_trigger"],
      ["actions.publicReply", "action_not_for_trigger"],
    ]);
  });

  it("of a live comment are private: Meta does not allow public ones", () => {
    const actions = { privateReply: { text: "Hi" }, publicReply: { texts: ["Hi"] } };
    expect(found(automation({ on: "live_comment", actions }))).toEqual([
      ["actions.publicReply", "action_not_for_trigger"],
    ]);
  });
});

describe("the content", () => {
  it("is a text or an attachment, not neither and not both", () => {
    const attachment = { type: "image", payload: { url: "https://example.com/a.png" } };
    expect(found(automation({ actions: { privateReply: {} } }))).toEqual([["actions.privateReply", "content_missing"]]);
    expect(found(automation({ actions: { privateReply: { text: "Hi", attachment } } }))).toEqual([
      ["actions.privateReply", "content_ambiguous"],
    ]);
    expect(found(automation({ actions: { privateReply: { attachment } } }))).toEqual([]);
  });

  it("is not blank", () => {
    expect(withText(" \n")).toEqual([["actions.privateReply.text", "content_missing"]]);
    expect(found(automation({ actions: { publicReply: { texts: [] } } }))).toEqual([
      ["actions.publicReply.texts", "content_missing"],
    ]);
    expect(found(automation({ actions: { publicReply: { texts: ["Hi", ""] } } }))).toEqual([
      ["actions.publicReply.texts[1]", "content_missing"],
    ]);
  });

  it("fits without its fields, counted in Meta's unit", () => {
    expect(withText("é".repeat(500))).toEqual([]);
    expect(withText(`${"é".repeat(500)}{{username|somebody}}`)).toEqual([]);
    expect(withText(`${"é".repeat(500)}.`)).toEqual([["actions.privateReply.text", "text_too_long"]]);
    expect(found(automation({ actions: { publicReply: { texts: ["é".repeat(2200)] } } }))).toEqual([]);
    expect(found(automation({ actions: { publicReply: { texts: ["é".repeat(2201)] } } }))).toEqual([
      ["actions.publicReply.texts[0]", "text_too_long"],
    ]);
  });

  it("has no more quick replies than Meta allows", () => {
    const yes = { content_type: "text", title: "Yes", payload: "YES" };
    const withReplies = (count: number) =>
      found(
        automation({
          actions: { privateReply: { text: "Hi", quick_replies: Array.from({ length: count }, () => yes) } },
        }),
      );
    expect(withReplies(13)).toEqual([]);
    expect(withReplies(14)).toEqual([["actions.privateReply.quick_replies", "too_many_quick_replies"]]);
  });

  it("has valid quick replies and attachments, or a problem for each invalid one", () => {
    const quick = checkAutomation(
      automation({ actions: { privateReply: { text: "Hi", quick_replies: [{ content_type: "user_email" }, 1] } } }),
      LIMITS,
    );
    expect(quick).toEqual([
      {
        path: "actions.privateReply.quick_replies[1]",
        code: "part_wrong",
        message: "quick_replies[1] must be an object with content_type, title and payload.",
      },
    ]);
    expect(found(automation({ actions: { privateReply: { attachment: { type: "image" } } } }))).toEqual([
      ["actions.privateReply.attachment.payload", "part_wrong"],
    ]);
  });
});

describe("the template", () => {
  it("has no unknown field, and the message lists the available ones", () => {
    const problems = checkAutomation(automation({ actions: { privateReply: { text: "{{user}}" } } }), LIMITS);
    expect(problems).toMatchObject([{ path: "actions.privateReply.text", code: "field_unknown" }]);
    expect(problems[0]?.message).toContain("username");
  });

  it("has no field that the trigger's events never have", () => {
    expect(withText("{{story.url}}")).toEqual([["actions.privateReply.text", "field_not_for_trigger"]]);
    expect(withText("{{parent.text}}", "mention")).toEqual([["actions.privateReply.text", "field_not_for_trigger"]]);
  });

  it.each(["Hi {{username", "Hi username}}", "{{ user name }}", "{{}}", "{{{{text}}}}"])(
    "has no braces that do not form a field: %j",
    (text) => {
      expect(withText(text).map(([, code]) => code)).toContain("braces_unmatched");
    },
  );

  it("may have single braces", () => {
    expect(withText("{a} {{{username}}}")).toEqual([]);
  });
});

describe("the deferral", () => {
  it.each([0, 10, 86_400])("may be %d s", (deferSeconds) => {
    expect(found(automation({ deferSeconds }))).toEqual([]);
  });

  it.each([-1, 86_401, Number.NaN, Infinity])("may not be %d s", (deferSeconds) => {
    expect(found(automation({ deferSeconds }))).toEqual([["deferSeconds", "defer_out_of_range"]]);
  });
});

describe("a list of automations", () => {
  it("has every id once, and the path of each problem", () => {
    const list = [automation({ id: "a" }), automation({ id: "b", actions: {} }), automation({ id: "a" })];
    expect(checkAutomations(list, LIMITS).map(({ path, code }) => [path, code])).toEqual([
      ["[1].actions", "action_missing"],
      ["[2].id", "id_repeated"],
    ]);
  });
});
