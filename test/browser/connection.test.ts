/** The live connection in trouble: what the page shows, and how seldom it asks. */
import { describe, expect, inject, it } from "vitest";
import { ADMIN_TOKEN, reach, STUDIO } from "./stack.ts";
import { commentItem, deliver, newPerson } from "./traffic.ts";
import { signedInPages } from "./watched-page.ts";

const url = inject("url");
const { meta } = reach(url);
const ACCOUNT = `/console/accounts/${STUDIO.id}`;
const TOO_MANY = 4429;

const open = signedInPages();

describe("a connection that cannot come back because the session is over", () => {
  it("leads to the sign-in, and from there to the same place", async () => {
    const page = await open(`${ACCOUNT}/replies#sent`);
    await page.locator("[data-live=live]").waitFor();
    await page.context().clearCookies();
    await page.context().setOffline(true);
    await page.getByText("Disconnected, reconnecting").waitFor();
    await page.context().setOffline(false);
    await page.getByLabel("Admin token").fill(ADMIN_TOKEN);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.locator("#tab-sent[aria-selected=true]").waitFor();
    expect(page.url()).toBe(`${url}${ACCOUNT}/replies#sent`);
  });
});

describe("one window too many", () => {
  it("says so, asks seldom, and reads in place of watching", async () => {
    let sockets = 0;
    let readings = 0;
    const page = await open(ACCOUNT, async (opened) => {
      await opened.clock.install();
      await opened.routeWebSocket(/\/console\/live\//, async (socket) => {
        sockets++;
        await socket.close({ code: TOO_MANY, reason: "Too many watchers for this account." });
      });
      opened.on("request", (request) => {
        if (request.url().includes("/feed")) readings++;
      });
    });
    await page.getByText("Too many windows: updated every 30 s").waitFor();
    await page.clock.runFor(10_000);
    await page.waitForTimeout(1_000);
    expect(sockets).toBe(1);
    expect(readings).toBeLessThan(5);
    expect(await page.locator("[data-live]").getAttribute("data-live")).toBe("crowded");

    await deliver(meta, [commentItem("seen a little later", newPerson("not.watched"))]);
    const seen = page.locator(".row", { hasText: "seen a little later" });
    await expect
      .poll(
        async () => {
          await page.clock.runFor(46_000);
          await page.waitForTimeout(500);
          return await seen.count();
        },
        { timeout: 20_000 },
      )
      .toBeGreaterThan(0);
  });
});
