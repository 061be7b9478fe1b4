import { describe, expect, it, vi } from "vitest";
import type { Automation } from "../../../src/core/automation/automation.ts";
import type { AccountRpc } from "../../../src/engine/object-rpc.ts";
import type { Backtest } from "../../../src/api/automation.ts";
import { ACCOUNT_ID, accountItem, badFields, call, fakeEnv, refusal } from "./fakes.ts";

const PATH = `/api/accounts/${ACCOUNT_ID}/automations`;

/** The example in the documentation. */
const GUIDE: Automation = {
  id: "guide",
  name: "Send the guide",
  enabled: true,
  trigger: { on: "comment", keywords: ["guide", "link"], match: "word", mediaIds: [] },
  actions: {
    privateReply: { text: "Hi {{username}}, here it is: https://example.com/guide" },
    publicReply: { texts: ["Sent! Check your DMs.", "It is on its way."] },
  },
  deferSeconds: 10,
};

const guide = (change: Record<string, unknown> = {}): Record<string, unknown> => ({ ...GUIDE, ...change });
const guideOn = (change: Partial<Automation["trigger"]>): Automation => ({
  ...GUIDE,
  trigger: { ...GUIDE.trigger, ...change },
});

function savingEnv(platform: "instagram" | "page" | null = "instagram") {
  const putAutomations = vi.fn<AccountRpc["putAutomations"]>(async (_id, items) => ({
    ok: true,
    value: { version: 4, updatedAt: 1_795_000_000_000, items },
  }));
  const directory = { account: async () => accountItem({ platform }) };
  return { env: fakeEnv({ account: { putAutomations }, directory }), putAutomations };
}

async function fieldsOf(items: unknown): Promise<string[]> {
  const { env, putAutomations } = savingEnv();
  const fields = await badFields(await call(env, `PUT ${PATH}`, { body: { items } }));
  expect(putAutomations).not.toHaveBeenCalled();
  return fields;
}

describe("GET /api/accounts/:id/automations", () => {
  it("returns the whole list and its version", async () => {
    const automations = async () => ({ version: 3, updatedAt: null, items: [GUIDE] });
    const response = await call(fakeEnv({ account: { automations } }), `GET ${PATH}`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ version: 3, updatedAt: null, items: [GUIDE], nextCursor: null });
  });
});

describe("PUT /api/accounts/:id/automations", () => {
  it.each<[string, unknown, number | null]>([
    ["a list with the version of its read", { items: [GUIDE], version: 3 }, 3],
    ["a list without a version", { items: [GUIDE] }, null],
    ["only the list", [GUIDE], null],
  ])("saves %s", async (_what, body, version) => {
    const { env, putAutomations } = savingEnv();
    const response = await call(env, `PUT ${PATH}`, { body });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      version: 4,
      updatedAt: 1_795_000_000_000,
      items: [GUIDE],
      nextCursor: null,
    });
    expect(putAutomations).toHaveBeenCalledExactlyOnceWith(ACCOUNT_ID, [GUIDE], version);
  });

  it("fills in defaults", async () => {
    const { env, putAutomations } = savingEnv();
    const short = {
      id: "a",
      name: "A",
      trigger: { on: "comment", keywords: ["x"] },
      actions: { privateReply: { text: "y" } },
    };
    expect((await call(env, `PUT ${PATH}`, { body: [short] })).status).toBe(200);
    const trigger = { on: "comment", keywords: ["x"], match: "word", mediaIds: [] };
    expect(putAutomations.mock.calls[0]?.[1]).toEqual([{ ...short, enabled: true, trigger }]);
  });

  it("saves an empty list, which answers nothing", async () => {
    const { env, putAutomations } = savingEnv();
    expect((await call(env, `PUT ${PATH}`, { body: [] })).status).toBe(200);
    expect(putAutomations).toHaveBeenCalledExactlyOnceWith(ACCOUNT_ID, [], null);
  });

  it("explains a version conflict", async () => {
    const putAutomations = async () => ({ ok: false, error: { reason: "version_conflict", version: 9 } }) as const;
    const body = { items: [GUIDE], version: 3 };
    const { message, ...rest } = await refusal(
      await call(fakeEnv({ account: { putAutomations } }), `PUT ${PATH}`, { body }),
    );
    expect(rest).toEqual({ status: 409, code: "version_conflict" });
    expect(message).toContain("at version 9");
  });

  it("returns the path in the list", async () => {
    const items = [GUIDE, guide({ id: "b" }), guide({ id: "c", trigger: { ...GUIDE.trigger, keywords: "guide" } })];
    const { message, fields } = await refusal(await call(savingEnv().env, `PUT ${PATH}`, { body: { items } }));
    expect(fields).toEqual([{ field: "automations[2].trigger.keywords", message: "must be an array" }]);
    expect(message).toBe("automations[2].trigger.keywords: must be an array");
  });

  it.each<[string, unknown, string[]]>([
    ["nothing", {}, ["items"]],
    ["a text", '"guide"', ["body"]],
    ["one automation without a list", GUIDE, ["items", "id"]],
    ["the list under another name", { automations: [GUIDE] }, ["items", "automations"]],
    ["an object for the list", { items: {} }, ["items"]],
    ["a list for an automation", { items: [[1]] }, ["automations[0]"]],
    ["a list for a trigger", { items: [{ ...GUIDE, trigger: [] }] }, ["automations[0].trigger"]],
    ["a list for an action", [{ ...GUIDE, actions: { privateReply: [] } }], ["automations[0].actions.privateReply"]],
    ["a version that is a string", { items: [], version: "3" }, ["version"]],
    ["a misspelled key", { items: [], versoin: 3 }, ["versoin"]],
  ])("refuses %s", async (_what, body, fields) => {
    expect(await badFields(await call(savingEnv().env, `PUT ${PATH}`, { body }))).toEqual(fields);
  });

  it.each<[string, unknown, string[]]>([
    ["no id", { ...GUIDE, id: undefined }, ["automations[0].id"]],
    ["an id with spaces", guide({ id: "the guide" }), ["automations[0].id"]],
    ["no name", guide({ name: "" }), ["automations[0].name"]],
    ["a misspelled key", guide({ enabeld: true }), ["automations[0].enabeld"]],
    [
      "a misspelled key inside",
      guide({ trigger: { ...GUIDE.trigger, keyword: ["a"] } }),
      ["automations[0].trigger.keyword"],
    ],
    ["an unknown trigger", guide({ trigger: { ...GUIDE.trigger, on: "comments" } }), ["automations[0].trigger.on"]],
    ["an unknown match", guide({ trigger: { ...GUIDE.trigger, match: "regex" } }), ["automations[0].trigger.match"]],
    ["a keyword that is empty", guideOn({ keywords: ["a", ""] }), ["automations[0].trigger.keywords[1]"]],
    ["a keyword that is blank", guideOn({ keywords: ["a", "  "] }), ["automations[0].trigger.keywords[1]"]],
    ["a keyword of 101 characters", guideOn({ keywords: ["a".repeat(101)] }), ["automations[0].trigger.keywords[0]"]],
    ["101 keywords", guideOn({ keywords: Array(101).fill("a") as string[] }), ["automations[0].trigger.keywords"]],
    ["no keyword to match", guideOn({ keywords: [] }), ["automations[0].trigger.keywords"]],
    ["no action", guide({ actions: {} }), ["automations[0].actions"]],
    [
      "an action of another trigger",
      guide({ actions: { message: { text: "a" } } }),
      ["automations[0].actions", "automations[0].actions.message"],
    ],
    [
      "a field that comments do not have",
      guide({ actions: { privateReply: { text: "{{payload}}" } } }),
      ["automations[0].actions.privateReply.text"],
    ],
    [
      "a text over Instagram's 1000 bytes",
      guide({ actions: { privateReply: { text: "é".repeat(501) } } }),
      ["automations[0].actions.privateReply.text"],
    ],
    [
      "an empty public reply",
      guide({ actions: { publicReply: { texts: [] } } }),
      ["automations[0].actions.publicReply.texts"],
    ],
    [
      "invalid quick replies",
      guide({ actions: { privateReply: { text: "a", quick_replies: [1, { content_type: "text", title: 2 }] } } }),
      [
        "automations[0].actions.privateReply.quick_replies[0]",
        "automations[0].actions.privateReply.quick_replies[1].title",
      ],
    ],
    [
      "an image without a URL",
      guide({ actions: { privateReply: { attachment: { type: "image" } } } }),
      ["automations[0].actions.privateReply.attachment.payload"],
    ],
    [
      "templates and quick replies that Meta refuses",
      guide({
        actions: {
          privateReply: {
            text: "a",
            quick_replies: [
              { content_type: "text", title: "a", payload: "p".repeat(1200) },
              { content_type: "user_email" },
            ],
          },
          publicReply: { texts: ["Sent"] },
        },
      }),
      ["automations[0].actions.privateReply.quick_replies[0].payload"],
    ],
    [
      "a button template with a long text",
      guide({
        actions: {
          privateReply: {
            attachment: {
              type: "template",
              payload: {
                template_type: "button",
                text: "x".repeat(700),
                buttons: [{ type: "postback", title: "Go", payload: "P" }, { type: "postback" }],
              },
            },
          },
        },
      }),
      [
        "automations[0].actions.privateReply.attachment.payload.text",
        "automations[0].actions.privateReply.attachment.payload.buttons[1].title",
        "automations[0].actions.privateReply.attachment.payload.buttons[1].payload",
      ],
    ],
    ["a delay of half a second", guide({ deferSeconds: 0.5 }), ["automations[0].deferSeconds"]],
  ])("refuses an automation with %s", async (_what, automation, fields) => {
    expect(await fieldsOf([automation])).toEqual(fields);
  });

  it("refuses a duplicate id, and more than 200 automations", async () => {
    expect(await fieldsOf([GUIDE, GUIDE])).toEqual(["automations[1].id"]);
    expect(await fieldsOf(Array.from({ length: 201 }, (_, index) => guide({ id: `a${index}` })))).toEqual(["items"]);
  });

  it("refuses on Instagram the quick replies that Meta turned off there", async () => {
    const privateReply = { text: "a", quick_replies: [{ content_type: "user_email" }] };
    const body = [guide({ actions: { privateReply } })];
    const statuses = await Promise.all(
      (["instagram", "page", null] as const).map(
        async (platform) => (await call(savingEnv(platform).env, `PUT ${PATH}`, { body })).status,
      ),
    );
    expect(statuses).toEqual([400, 200, 200]);
  });

  it("uses the text limits of the account's platform, or the longer ones if it is not known yet", async () => {
    const body = [guide({ actions: { privateReply: { text: "é".repeat(501) } } })];
    const statuses = await Promise.all(
      (["instagram", "page", null] as const).map(async (platform) => {
        return (await call(savingEnv(platform).env, `PUT ${PATH}`, { body })).status;
      }),
    );
    expect(statuses).toEqual([400, 200, 200]);
  });

  it("returns at most 20 fields", async () => {
    const items = Array.from({ length: 60 }, () => ({}));
    expect(await fieldsOf(items)).toHaveLength(20);
  });
});

describe("POST /api/accounts/:id/automations/backtest", () => {
  const result: Backtest = {
    events: 2,
    fired: 1,
    missed: { no_keyword: 1 },
    rows: [
      {
        eventId: "e-1",
        kind: "comment",
        occurredAt: 1_795_000_000_000,
        text: "the guide please",
        decision: { automationId: "draft", fired: true, replyIds: [] },
        preview: "Here it is",
      },
    ],
  };

  it("tests a draft without id and name with the newest 200 events, or with `limit` events", async () => {
    const backtest = vi.fn<AccountRpc["backtest"]>(async () => result);
    const env = fakeEnv({ account: { backtest } });
    const draft = { trigger: { on: "comment", match: "any" }, actions: { privateReply: { text: "Hi" } } };
    const response = await call(env, `POST ${PATH}/backtest`, { body: draft });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(result);
    await call(env, `POST ${PATH}/backtest?limit=1000`, { body: GUIDE });
    const whole = {
      id: "draft",
      name: "Draft",
      enabled: true,
      trigger: { on: "comment", match: "any", keywords: [], mediaIds: [] },
    };
    expect(backtest.mock.calls).toEqual([
      [ACCOUNT_ID, { ...draft, ...whole }, 200],
      [ACCOUNT_ID, GUIDE, 1000],
    ]);
  });

  it.each<[string, unknown, string[]]>([
    ["?limit=1001", GUIDE, ["limit"]],
    ["", guide({ trigger: { on: "comment" } }), ["trigger.keywords"]],
    ["", guide({ actions: { privateReply: {} } }), ["actions.privateReply"]],
    ["", { items: [GUIDE] }, ["trigger", "actions", "items"]],
  ])("refuses %s %j", async (query, body, fields) => {
    expect(await badFields(await call(fakeEnv(), `POST ${PATH}/backtest${query}`, { body }))).toEqual(fields);
  });
});
