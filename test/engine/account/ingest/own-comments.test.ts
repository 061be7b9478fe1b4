/** The account never answers itself, whatever name or id Meta gives to it. */
import { describe, expect, it } from "vitest";
import type { Automation } from "../../../../src/core/automation/automation.ts";
import type { MetaEvent } from "../../../../src/core/event.ts";
import { accepted, ACCOUNT, comment, inAccount, NOON, pageComment, PERSON, type TestAccount } from "../harness.ts";

const SECOND = 1_000;
const HOUR = 3_600_000;
const NAME = "our.shop";
const APP_SCOPED = "28978671838402975";

/** Answers every comment, its own too if it could. */
const ANY: Automation = {
  id: "any",
  name: "Answer everything",
  enabled: true,
  trigger: { on: "comment", keywords: [], match: "any", mediaIds: [] },
  actions: { privateReply: { text: "Here is the guide" }, publicReply: { texts: ["Sent you the GUIDE!"] } },
};
const PUBLIC_ONLY: Automation = { ...ANY, actions: { publicReply: { texts: ["Sent you the GUIDE!"] } } };

type Own = (id: string, text: string, parentId: string, at: number) => MetaEvent;
const instagram =
  (author: object): Own =>
  (id, text, parentId, at) =>
    comment(id, { text, parentId, author }, { at });
const page =
  (author?: object): Own =>
  (id, text, parentId, at) =>
    pageComment(id, { text, parentId, ...(author && { author }) }, { at });

const FORMS: [string, "instagram" | "page", Own][] = [
  ["by the id of its webhooks", "instagram", instagram({ id: ACCOUNT, username: NAME })],
  ["by its name only", "instagram", instagram({ username: NAME })],
  ["by its name in capitals", "instagram", instagram({ username: "Our.Shop" })],
  ["by an app-scoped id and its name", "instagram", instagram({ id: APP_SCOPED, username: NAME })],
  ["by an app-scoped id alone", "instagram", instagram({ id: APP_SCOPED })],
  ["by the self-scoped id", "instagram", instagram({ id: "999", self_ig_scoped_id: APP_SCOPED })],
  ["by nothing", "instagram", instagram({})],
  ["by the Page's id", "page", page({ id: ACCOUNT, name: NAME })],
  ["by nothing, on a Page", "page", page()],
  ["by the Page's name only", "page", page({ name: NAME })],
];

async function connect(account: TestAccount, platform: "instagram" | "page", automation: Automation): Promise<void> {
  const login = platform === "page" ? "facebook" : "instagram";
  await account.connect([automation], { platform, login, username: NAME });
}

const stranger = (platform: "instagram" | "page", id: string, at = NOON): MetaEvent =>
  platform === "page"
    ? pageComment(id, { text: "GUIDE please", author: { id: PERSON, name: "Nadia" } }, { at })
    : comment(id, {}, { at });

describe.each(FORMS)("an own comment that Meta names %s", (_, platform, own) => {
  it.each([
    ["after Meta's answer", PUBLIC_ONLY, 1],
    ["before Meta's answer", PUBLIC_ONLY, 0],
    ["after a private reply", ANY, 1],
  ])("is not answered in an hour, when it arrives %s", (_when, automation, seconds) =>
    inAccount(async (account) => {
      await connect(account, platform, automation);
      const arrivals: MetaEvent[] = [];
      account.answer = async (order) => {
        const id = `own_${account.sends.length}`;
        if (order.kind !== "public_reply") return accepted(`mid.${account.sends.length}`);
        const event = own(id, order.message.text ?? "", "c1", account.now + seconds * SECOND);
        if (seconds === 0) await account.ingest(event);
        else arrivals.push(event);
        return accepted(id);
      };
      await account.ingest(stranger(platform, "c1"));
      for (let passed = 0; passed < HOUR; passed += 10 * SECOND) {
        await account.pass(10 * SECOND);
        for (const event of arrivals.splice(0)) await account.ingest(event);
      }
      const answered = account.sends.map(({ to }) => ("commentId" in to ? to.commentId : to.recipientId));
      expect(new Set(answered)).toEqual(new Set(["c1"]));
      expect(account.sends.filter(({ kind }) => kind === "public_reply")).toHaveLength(1);
    }),
  );
});

describe("an own comment", () => {
  it("teaches the account its other ids", () =>
    inAccount(async (account) => {
      await connect(account, "instagram", PUBLIC_ONLY);
      account.answer = () => accepted("own_1");
      await account.ingest(stranger("instagram", "c1"));
      await account.pass(20 * SECOND);
      const at = account.now;
      await account.ingest(comment("own_1", { text: "anything", parentId: "c1", author: { id: APP_SCOPED } }, { at }));
      await account.ingest(comment("c9", { text: "GUIDE", author: { id: APP_SCOPED } }, { at }));
      const { items } = account.core.events(ACCOUNT, { kind: "comment", limit: 1 });
      expect(items[0]?.decisions).toEqual([{ automationId: "any", fired: false, reason: "own_comment" }]);
    }));

  it("is not one because of an unknown self-scoped id", () =>
    inAccount(async (account) => {
      await connect(account, "instagram", ANY);
      const author = { id: PERSON, username: "nadia.bakes", self_ig_scoped_id: "555" };
      await account.ingest(comment("c1", { author }));
      await account.pass(20 * SECOND);
      expect(account.sends.map(({ kind }) => kind)).toEqual(["private_reply", "public_reply"]);
    }));

  it("is not one because another account of that name is a Page's fan", () =>
    inAccount(async (account) => {
      await connect(account, "page", PUBLIC_ONLY);
      await account.ingest(pageComment("c1", { text: "hi", author: { id: PERSON, name: NAME } }));
      await account.pass(20 * SECOND);
      expect(account.sends).toHaveLength(1);
    }));
});

describe("public replies", () => {
  it("end after a few in one thread, to one person or to many, and the account says so", () =>
    inAccount(async (account) => {
      await connect(account, "instagram", PUBLIC_ONLY);
      let next = 0;
      // A loop that no record explains: every answer brings a comment by another stranger.
      account.answer = () => accepted(`other_${++next}`);
      await account.ingest(stranger("instagram", "c1"));
      for (let round = 0; round < 20; round++) {
        await account.pass(30 * SECOND);
        const author = { id: `77${round}`, username: `somebody_${round}` };
        await account.ingest(
          comment(`c_${round}`, { parentId: "c1", author, text: `round ${round}` }, { at: account.now }),
        );
      }
      await account.pass(60 * SECOND);
      expect(account.sends).toHaveLength(3);
      const { items } = account.core.events(ACCOUNT, { kind: "comment", limit: 1 });
      expect(items[0]?.decisions).toEqual([{ automationId: "any", fired: false, reason: "public_reply_limit" }]);
      await account.pass(HOUR);
      await account.ingest(
        comment("c_later", { parentId: "c1", author: { id: "78", username: "b" } }, { at: account.now }),
      );
      await account.pass(20 * SECOND);
      expect(account.sends).toHaveLength(4);
    }));

  it("end after a few to one person, and private replies go on", () =>
    inAccount(async (account) => {
      await connect(account, "instagram", ANY);
      for (let n = 0; n < 10; n++) await account.ingest(comment(`c${n}`, { text: `guide ${n}` }));
      await account.pass(HOUR / 2);
      expect(account.sends.filter(({ kind }) => kind === "public_reply")).toHaveLength(6);
      expect(account.sends.filter(({ kind }) => kind === "private_reply")).toHaveLength(10);
    }));
});
