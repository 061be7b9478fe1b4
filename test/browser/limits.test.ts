/** What keeps a reply from leaving, as the console shows it: the pace, a dry run, a dead token. */
import { describe, expect, inject, it } from "vitest";
import { GUIDE, reach } from "./stack.ts";
import { commentItem, deliver, newPerson } from "./traffic.ts";
import { signedInPages } from "./watched-page.ts";

const url = inject("url");
const { meta, api, replyline } = reach(url);

const open = signedInPages();

/** An account of its own: nothing of another test counts in its hour. */
async function account(id: string, username: string): Promise<string> {
  const { accessToken } = await meta.putAccount(id, { username });
  await replyline.connect(id, { platform: "instagram", login: "instagram", accessToken, username });
  await replyline.putAutomations(id, [GUIDE]);
  return `/console/accounts/${id}`;
}

const askers = (accountId: string, ...names: string[]) =>
  deliver(
    meta,
    names.map((name) => commentItem("guide, please", newPerson(name), { accountId })),
  );

describe("the pace", () => {
  it("is a bar of this hour's private replies, and tells when each of those that wait will leave", async () => {
    const id = "17841400000077771";
    const path = await account(id, "slow.and.steady");
    await replyline.putSettings(id, {
      deferSeconds: 1,
      pacing: { privateRepliesPerHour: 60, privateReplyBurst: 1 },
    });
    const page = await open(`${path}/replies`);
    await askers(id, "number.one", "number.two", "number.three");
    const cards = page.locator(".reply.pending", { hasText: "Private reply" });
    await expect.poll(() => cards.count(), { timeout: 15_000 }).toBe(2);
    await cards.filter({ hasText: /expected in 0:\d\d \(rate limit\)/ }).waitFor();
    await cards.filter({ hasText: /expected in 1:\d\d \(rate limit\)/ }).waitFor();
    await page.getByText("1 of 60", { exact: true }).waitFor();
    expect(await page.getByRole("meter").getAttribute("aria-label")).toBe("1 of 60 used");
  });
});

describe("a dry run", () => {
  it("is named above every page of the account, and what would have left is cancelled with that reason", async () => {
    const id = "17841400000077772";
    const path = await account(id, "only.trying");
    await replyline.putSettings(id, { deferSeconds: 0, sending: "dry_run" });
    await askers(id, "curious.one");
    const page = await open(`${path}/replies#cancelled`);
    await page.getByText("Dry run", { exact: true }).waitFor();
    const card = page.locator(".reply.cancelled", { hasText: "Hi curious.one" });
    await card.getByText("Dry run: it would have been sent at this time.").waitFor();
    expect(await meta.sent(id)).toEqual([]);
    await page.getByRole("button", { name: "End dry run" }).click();
    await page.getByRole("button", { name: "Pause sending" }).waitFor();
    expect(await api.request("GET", `/accounts/${id}/settings`)).toMatchObject({ sending: "on" });
  });
});

describe("a token that is not valid any more", () => {
  it("is shown at the top of the page, and nothing is lost until it is fixed", async () => {
    const id = "17841400000077773";
    const path = await account(id, "long.gone");
    await replyline.putSettings(id, { deferSeconds: 0 });
    await meta.control("POST", "/faults", {
      on: "any",
      accountId: id,
      does: { kind: "error", code: 190, subcode: 463 },
    });
    await askers(id, "still.here");
    const held = async (): Promise<unknown> =>
      (await api.request<{ state: { hold: { problem: string } | null } }>("GET", `/accounts/${id}`)).state.hold
        ?.problem;
    await expect.poll(held, { timeout: 20_000 }).toBe("token");
    const page = await open(`${path}/replies`);
    await page
      .getByRole("alert")
      .getByText("The access token is no longer valid. Connect the account again.")
      .waitFor();
    await page.locator(".reply.pending", { hasText: "Hi still.here" }).waitFor();
    expect(await meta.sent(id)).toEqual([]);
  });
});
