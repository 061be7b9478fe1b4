import type { Page } from "playwright-core";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { openPage, signIn, type WatchedPage } from "./chromium.ts";
import { EXTREMES, type Look, shoot } from "./looks.ts";
import { connectInstagram } from "../../src/simulator/cli/stack/connect-accounts.ts";
import { reach, STUDIO } from "./stack.ts";
import { launchedBrowser } from "./watched-page.ts";

const url = inject("url");
const stack = reach(url);
const { api, replyline } = stack;
/** Connected, and nothing has ever happened to it. */
const QUIET = "17841400000055555";
const ACCOUNT = `/console/accounts/${QUIET}`;

const browser = launchedBrowser();

beforeAll(async () => {
  await connectInstagram(stack, { id: QUIET, username: "quiet.corner" });
});

const PLACES = [
  { name: "feed", path: ACCOUNT, part: "[data-part=rows]" },
  { name: "replies", path: `${ACCOUNT}/replies`, part: "[data-part=replies]" },
  { name: "automations", path: `${ACCOUNT}/automations`, part: "[data-part=automations]" },
  { name: "conversations", path: `${ACCOUNT}/conversations`, part: "[data-part=people]" },
  { name: "failed-events", path: "/console/failed-events", part: "[data-part=failed-events]" },
  { name: "doctor", path: "/console/doctor", part: "[data-part=doctor]" },
];

const FAILURE = {
  status: 503,
  contentType: "application/json",
  body: JSON.stringify({ error: { code: "unavailable", message: "The account did not answer." } }),
};

/** Holds everything that the page's script asks of the API; what it gives back lets all of it fail. */
async function holdApi(page: Page): Promise<() => void> {
  let fail = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    fail = resolve;
  });
  await page.route("**/api/**", async (route) => {
    await held;
    await route.fulfill(FAILURE);
  });
  return fail;
}

async function withPage(look: Look, run: (page: Page) => Promise<void>): Promise<void> {
  const watched: WatchedPage = await openPage(browser(), url, look.options);
  await signIn(watched.page, "/console");
  await run(watched.page);
  expect(watched.offenses).toEqual([]);
  await watched.close();
}

describe.each(EXTREMES)("a page in $name", (look) => {
  it("says that it is loading, what has failed, and what is there once it is tried again", () =>
    withPage(look, async (page) => {
      for (const { name, path, part } of PLACES) {
        const fail = await holdApi(page);
        await page.goto(path);
        await page.locator(`${part}[aria-busy=true] .skeleton`).waitFor();
        await shoot(page, `loading-${name}`, look);
        fail();
        const alert = page.locator(part).getByRole("alert");
        await alert.getByText("The account did not answer.").waitFor();
        await shoot(page, `failed-${name}`, look);
        await page.unroute("**/api/**");
        await page.getByRole("button", { name: "Try again" }).click();
        await alert.waitFor({ state: "detached" });
        await page.locator(`${part}:not([aria-busy])`).waitFor({ timeout: 20_000 });
        if (!path.startsWith(ACCOUNT)) continue;
        await page.locator(part).locator(".empty h2").waitFor();
        await shoot(page, `empty-${name}`, look);
      }
    }));

  it("says that no account fits what is looked for, and that one sends nothing for now", () =>
    withPage(look, async (page) => {
      await page.goto("/console?search=nobody-is-called-that");
      await page.getByText("No account matches “nobody-is-called-that”").waitFor();
      await shoot(page, "empty-search", look);
      await replyline.putSettings(QUIET, { sending: "dry_run" });
      await page.goto(ACCOUNT);
      await page.getByText("Dry run", { exact: true }).waitFor();
      await shoot(page, "dry-run", look);
      await replyline.putSettings(QUIET, { sending: "on" });
    }));

  it("shows that a search has no match, which is not the same as an empty list", () =>
    withPage(look, async (page) => {
      await page.goto(`${ACCOUNT}/conversations`);
      await page.getByText("No conversations yet").waitFor();
      await page.getByLabel("Search people").fill("somebody.who.is.not.there.".repeat(4));
      await page.getByText(/^No match for “somebody/).waitFor();
      await shoot(page, "no-match", look);
      await page.getByLabel("Search people").fill("");
      await page.getByLabel("Only with automations paused").check();
      await page.getByText("Automations are not paused for any person").waitFor();
    }));

  it("shows that it is disconnected, and that sending is paused for all accounts", () =>
    withPage(look, async (page) => {
      await page.goto(ACCOUNT);
      await page.locator("[data-live=live]").waitFor();
      await page.context().setOffline(true);
      await page.getByText("Disconnected, reconnecting").waitFor();
      await shoot(page, "disconnected-feed", look);
      await page.context().setOffline(false);
      await page.goto(`${ACCOUNT}/replies`);
      await page.locator("[data-live=live]").waitFor();
      await page.context().setOffline(true);
      await page.getByText("Disconnected, reconnecting").waitFor();
      await shoot(page, "disconnected-replies", look);
      await page.context().setOffline(false);

      await page.goto("/console");
      await page.getByRole("button", { name: /^Pause all/ }).click();
      await page.getByRole("dialog").waitFor();
      await shoot(page, "stop-dialog", look);
      await page.getByRole("button", { name: "Cancel" }).click();
      await api.request("PUT", "/incident", { stopped: true, reason: "the link in the guide is wrong" });
      try {
        await page.goto(ACCOUNT);
        await page.getByText("Sending is paused for all accounts", { exact: true }).waitFor();
        await shoot(page, "stopped", look);
      } finally {
        await api.request("PUT", "/incident", { stopped: false });
      }
    }));
});

describe("a wrong token", () => {
  it.each(EXTREMES)("is refused in words, $name", async (look) => {
    const { page, close } = await openPage(browser(), url, look.options);
    await page.goto("/console/sign-in");
    await page.getByLabel("Admin token").fill("not-it");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("The admin token is not correct.").waitFor();
    await shoot(page, "sign-in-refused", look);
    await close();
    // The next look is no attempt at guessing.
    await signedInOnce();
  });
});

/** A sign-in that succeeds forgives those before it. */
async function signedInOnce(): Promise<void> {
  const { page, close } = await openPage(browser(), url);
  await signIn(page, `/console/accounts/${STUDIO.id}`);
  await close();
}
