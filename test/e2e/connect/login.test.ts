import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Browser, owner, Stack } from "./connect-stack.ts";

const ANA = "17841460928374651";
const PAGE = "112233445566778";
const LINKED = "17841999999999999";

const stack = new Stack();

beforeAll(async () => {
  await stack.start();
  await stack.meta("PUT", `/accounts/${ANA}`, { platform: "instagram", login: "instagram", username: "ana.studio" });
  await stack.meta("PUT", `/accounts/${PAGE}`, { platform: "page", name: "Ana Page" });
  await stack.meta("PUT", `/accounts/${LINKED}`, {
    platform: "instagram",
    login: "facebook",
    username: "ana.second",
    pageId: PAGE,
  });
}, 120_000);
afterAll(() => stack.remove());

const words = (html: string): string =>
  html
    .replaceAll(/<[^>]+>/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();

const page = async (response: Response): Promise<{ status: number; text: string; html: string }> => {
  const html = await response.text();
  expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
  return { status: response.status, text: words(html), html };
};

async function fault(code: number, on: string, times = 4): Promise<void> {
  await stack.meta("POST", "/faults", { on, times, does: { kind: "error", code } });
}
const noFaults = (): Promise<unknown> => stack.meta("DELETE", "/faults");

describe("Connect Instagram", () => {
  it("goes through Meta and ends with a stored, subscribed and ready account", async () => {
    const browser = owner();
    const back = await browser.logIn(`${stack.url}/connect/instagram`, ANA);
    expect(back).toMatch(new RegExp(`^${stack.url}/connect/instagram/callback\\?code=.+&state=[\\w-]{43}#_$`));
    const result = await page(await browser.open(back));
    expect(result.status).toBe(200);
    expect(result.text).toContain("ana.studio is connected");
    expect(result.text).toContain("Subscribed webhook fields: comments, live_comments, messages");
    expect(result.text.match(/not granted/g)).toBeNull();

    expect(await stack.api("GET", `/accounts/${ANA}`)).toMatchObject({
      connected: true,
      platform: "instagram",
      login: "instagram",
      username: "ana.studio",
      state: {
        token: { warning: null, scopes: expect.arrayContaining(["instagram_business_basic"]) as string[] },
        subscription: { state: "ok", missing: [] },
      },
    });
    expect(await stack.api("GET", `/accounts/${ANA}/subscriptions`)).toMatchObject({
      items: [{ fields: expect.arrayContaining(["comments", "messages"]) as string[] }],
    });
  });

  it("shows permissions that were not granted, and does not subscribe to their events", async () => {
    const browser = owner();
    const begun = await browser.open(`${stack.url}/connect/instagram`);
    // The person switches messages off in Meta's dialog.
    const authorize = (begun.headers.get("location") ?? "").replace("%2Cinstagram_business_manage_messages", "");
    const back = (await browser.open(`${authorize}&choose=${ANA}`)).headers.get("location") ?? "";
    const result = await page(await browser.open(back));
    expect(result.text).toContain("Receive messages and answer them instagram_business_manage_messages not granted");
    expect(result.text).toContain("Subscribed webhook fields: comments, live_comments");
    expect(result.text).toContain("Connect again to grant the missing permissions");
    expect(await stack.api("GET", `/accounts/${ANA}`)).toMatchObject({
      state: { subscription: { wanted: ["comments", "live_comments"] } },
    });
  });

  it("shows a clear message if the person cancels", async () => {
    const browser = owner();
    const cancelled = await page(await browser.open(await browser.logIn(`${stack.url}/connect/instagram`, "cancel")));
    expect(cancelled.text).toContain("Nothing was connected");
    expect(cancelled.html).toContain('href="/connect/instagram"');
  });

  it("shows a message if Meta's page ends the login before any permission was granted", async () => {
    const browser = owner();
    const begun = await browser.open(`${stack.url}/connect/instagram`);
    const state = new URL(begun.headers.get("location") ?? "").searchParams.get("state") ?? "";
    const callback = `${stack.url}/connect/instagram/callback?state=${state}`;
    const failed = await page(await browser.open(`${callback}&error=server_error&error_code=<b>1349187</b>`));
    expect(failed).toMatchObject({
      status: 502,
      text: expect.stringContaining("ended the login before any permission was granted") as string,
    });
    expect(failed.text).toContain("(b1349187b)");
    expect(failed.html).toContain('href="/connect/instagram"');
  });

  it("is refused for an unknown code or if Meta does not return a token", async () => {
    const browser = owner();
    const forged = (await browser.logIn(`${stack.url}/connect/instagram`, ANA)).replace(/code=[^&]+/, "code=AQforged");
    const refused = await page(await browser.open(forged));
    expect(refused).toMatchObject({
      status: 400,
      text: expect.stringContaining("did not accept this login") as string,
    });

    const later = await browser.logIn(`${stack.url}/connect/instagram`, ANA);
    await fault(2, "token");
    const silent = await page(await browser.open(later));
    await noFaults();
    expect(silent).toMatchObject({ status: 502, text: expect.stringContaining("Meta is not available") as string });

    const blocked = await browser.logIn(`${stack.url}/connect/instagram`, ANA);
    await fault(200, "account");
    const denied = await page(await browser.open(blocked));
    await noFaults();
    expect(denied).toMatchObject({
      status: 502,
      text: expect.stringContaining("Meta denied access to the account") as string,
    });
  });

  it("stores the account even if Meta refuses the subscription, and shows that", async () => {
    const browser = owner();
    const back = await browser.logIn(`${stack.url}/connect/instagram`, ANA);
    await fault(200, "subscribed_apps");
    const result = await page(await browser.open(back));
    await noFaults();
    expect(result.text).toContain("ana.studio is connected");
    expect(result.text).toContain("Meta does not send events for this account yet.");
    expect(result.text).toContain("(200)");

    const bo = "17841460928370002";
    await stack.meta("PUT", `/accounts/${bo}`, { platform: "instagram", login: "instagram", username: "bo.bakes" });
    const again = await browser.logIn(`${stack.url}/connect/instagram`, bo);
    await fault(2, "subscribed_apps");
    const silent = await page(await browser.open(again));
    await noFaults();
    expect(silent.text).toContain("Meta did not respond. Replyline retries automatically");
    // The person cannot fix this.
    expect(silent.text).not.toContain("Connect again");
    expect(await stack.api("GET", `/accounts/${bo}`)).toMatchObject({
      state: { subscription: { state: "missing", missing: expect.arrayContaining(["comments"]) as string[] } },
    });
  });
});

describe("state", () => {
  const STATE_PAGE = { status: 400, text: expect.stringContaining("This login cannot be continued") as string };

  it("is valid once", async () => {
    const browser = owner();
    const back = await browser.logIn(`${stack.url}/connect/instagram`, ANA);
    expect((await browser.open(back)).status).toBe(200);
    const used = await page(await browser.open(back));
    expect(used).toMatchObject(STATE_PAGE);
    // The owner can begin another login; the used state no longer identifies one.
    expect(used.html).toContain('href="/connect"');
    expect((await page(await new Browser().open(back))).html).not.toContain('href="/connect"');
  });

  it("is valid only in the browser that began the login, and stays valid there if another browser tries it", async () => {
    const browser = owner();
    const back = await browser.logIn(`${stack.url}/connect/instagram`, ANA);
    expect(await page(await new Browser().open(back))).toMatchObject(STATE_PAGE);
    const stranger = owner();
    await stranger.open(`${stack.url}/connect/instagram`);
    expect(await page(await stranger.open(back))).toMatchObject(STATE_PAGE);
    expect((await browser.open(back)).status).toBe(200);
  });

  it("is refused if it is missing, invented, repeated, or from the other login", async () => {
    const browser = owner();
    const back = new URL(await browser.logIn(`${stack.url}/connect/instagram`, ANA));
    const state = back.searchParams.get("state") ?? "";
    const base = `${stack.url}/connect/instagram/callback?code=AQx`;
    const tries = [
      base,
      `${base}&state=`,
      `${base}&state=${"A".repeat(43)}`,
      `${base}&state=${"A".repeat(5_000)}`,
      `${stack.url}/connect/instagram/callback`,
      `${stack.url}/connect/instagram/callback?error=access_denied`,
      `${stack.url}/connect/facebook/callback?code=AQx&state=${state}`,
    ];
    for (const url of tries) expect(await page(await browser.open(url)), url.slice(0, 100)).toMatchObject(STATE_PAGE);
  });

  it("lets two tabs of one browser log in side by side", async () => {
    const browser = owner();
    const first = await browser.logIn(`${stack.url}/connect/instagram`, ANA);
    const second = await browser.logIn(`${stack.url}/connect/instagram`, ANA);
    expect((await browser.open(first)).status).toBe(200);
    expect((await browser.open(second)).status).toBe(200);
  });
});

describe("Connect a Page", () => {
  async function choosePage(browser: Browser): Promise<{ step: string; targets: string[]; text: string }> {
    const shown = await page(await browser.open(await browser.logIn(`${stack.url}/connect/facebook`, "facebook-user")));
    expect(shown.status).toBe(200);
    return {
      step: /name="step" value="([\w-]+)"/.exec(shown.html)?.[1] ?? "",
      targets: [...shown.html.matchAll(/name="target" value="([^"]+)"/g)].map(([, value = ""]) => value),
      text: shown.text,
    };
  }
  const submit = (browser: Browser, step: string, targets: string[], site = "same-origin"): Promise<Response> => {
    const body = new URLSearchParams({ step });
    for (const target of targets) body.append("target", target);
    return browser.open(`${stack.url}/connect/facebook/choose`, {
      method: "POST",
      body,
      headers: { "sec-fetch-site": site },
    });
  };

  it("lists Pages and their linked Instagram accounts, and connects the selected ones", async () => {
    const browser = owner();
    const { step, targets, text } = await choosePage(browser);
    expect(targets).toEqual([`page:${PAGE}`, `instagram:${LINKED}`]);
    expect(text).toContain("Ana Page");
    expect(text).toContain("@ana.second");
    const result = await page(await submit(browser, step, targets));
    expect(result.text).toContain("Ana Page is connected");
    expect(result.text).toContain("ana.second is connected");
    expect(result.text).toContain("The Page is subscribed.");
    expect(await stack.api("GET", `/accounts/${PAGE}`)).toMatchObject({ platform: "page", login: "facebook" });
    expect(await stack.api("GET", `/accounts/${LINKED}`)).toMatchObject({
      platform: "instagram",
      login: "facebook",
      state: { profile: { sendAs: PAGE } },
    });
    // The fields of the Instagram account do not replace the Page's fields in their shared list.
    expect(await stack.api("GET", `/accounts/${PAGE}/subscriptions`)).toMatchObject({
      items: [{ fields: expect.arrayContaining(["feed", "messages", "message_echoes"]) as string[] }],
    });
    expect((await page(await submit(browser, step, targets))).status).toBe(400);
  });

  it("connects nothing that Meta has not listed, nothing from another page, and nothing without a selection", async () => {
    const browser = owner();
    const first = await choosePage(browser);
    expect((await submit(browser, first.step, first.targets, "cross-site")).status).toBe(400);
    const foreign = await page(await submit(new Browser(), first.step, first.targets));
    expect(foreign.status).toBe(400);
    const other = await page(await submit(browser, first.step, ["page:1", "instagram:2", "<script>"]));
    expect(other).toMatchObject({ status: 400, text: expect.stringContaining("Nothing was selected") as string });
    const second = await choosePage(browser);
    expect((await page(await submit(browser, second.step, []))).text).toContain("Nothing was selected");
  });
});

describe("who may connect", () => {
  it("a signed-in person", async () => {
    for (const path of ["/connect", "/connect/instagram", "/connect/facebook"]) {
      const shown = await page(await new Browser().open(stack.url + path));
      expect(shown, path).toMatchObject({ status: 401, text: expect.stringContaining("Sign in first") as string });
    }
    const start = await page(await owner().open(`${stack.url}/connect`));
    expect(start.html).toContain('href="/connect/facebook"');
    const style = await new Browser().open(`${stack.url}/connect/style.css`);
    expect(style.headers.get("content-type")).toBe("text/css; charset=utf-8");
  });

  it("a person with an invite: once, for what it allows, and not after it was withdrawn", async () => {
    interface Invite {
      id: string;
      url: string;
    }
    const invite = await stack.api<Invite>("POST", "/invites", { login: "instagram", label: '<b>"Ana"</b>' });
    const guest = new Browser();
    // A link preview does not consume the invite.
    await new Browser().open(invite.url);
    const shown = await page(await guest.open(invite.url));
    expect(shown.html).toContain("&lt;b&gt;");
    expect(shown.html).not.toContain("/facebook");
    expect((await guest.open(`${invite.url}/facebook`)).status).toBe(200);

    const cancelled = await page(await guest.open(await guest.logIn(`${invite.url}/instagram`, "cancel")));
    expect(cancelled.html).toContain(invite.url);
    const two = [await guest.logIn(`${invite.url}/instagram`, ANA), await guest.logIn(`${invite.url}/instagram`, ANA)];
    const results = await Promise.all(two.map(async (back) => page(await guest.open(back))));
    expect(results.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 410]);
    const connected = results.find(({ status }) => status === 200);
    expect(connected?.text).toContain("You can close this page");
    expect(connected?.html).not.toContain("/console");
    expect((await guest.open(invite.url)).status).toBe(410);

    const withdrawn = await stack.api<Invite>("POST", "/invites", {});
    await stack.api("DELETE", `/invites/${withdrawn.id}`);
    expect((await guest.open(withdrawn.url)).status).toBe(410);
    const forged = withdrawn.url.replace(/.$/, (last) => (last === "A" ? "B" : "A"));
    expect((await guest.open(forged)).status).toBe(410);
    expect(await stack.api("GET", "/invites")).toMatchObject({
      items: [
        { id: withdrawn.id, url: null, accountIds: [] },
        { id: invite.id, url: null, accountIds: [ANA] },
      ],
    });
  });
});

describe("the whole app's callback", () => {
  it("is registered at Meta, and Meta's response about Instagram is reported", async () => {
    const fields = { fields: ["feed"], verifyToken: "e2e-verify-token" };
    expect(await stack.api("POST", "/app/subscriptions", { object: "page", ...fields })).toMatchObject({
      success: true,
    });
    const tried = { object: "instagram", fields: ["comments"], verifyToken: "wrong" };
    expect(await stack.api("POST", "/app/subscriptions", tried)).toMatchObject({
      success: false,
      code: "2200",
      message: expect.stringContaining("403") as string,
    });
  });
});

describe("the doctor", () => {
  interface Report {
    healthy: boolean;
    findings: { id: string; level: string }[];
    accounts: { id: string; findings: { id: string; level: string; fix: string | null }[] }[];
  }

  it("shows the first event at once, before the account next reports to the Directory", async () => {
    const browser = owner();
    await browser.open(await browser.logIn(`${stack.url}/connect/instagram`, ANA));
    await stack.comment(ANA, "18000000000004001", "1045872930164827", "hello");
    await vi.waitFor(
      async () => {
        expect(await stack.api("GET", `/accounts/${ANA}/events`)).toMatchObject({ items: [{ kind: "comment" }] });
      },
      { timeout: 20_000, interval: 100 },
    );
    const { findings } = await stack.api<Report>("GET", `/doctor?account=${ANA}`);
    expect(findings.find(({ id }) => id === "last_event")?.level).toBe("ok");
  });

  it("reports a working setup as ok, and reports a token that Meta has invalidated", async () => {
    const browser = owner();
    await browser.open(await browser.logIn(`${stack.url}/connect/instagram`, ANA));
    const healthy = await stack.api<Report>("GET", `/doctor?account=${ANA}`);
    const levels = Object.fromEntries(healthy.findings.map(({ id, level }) => [id, level]));
    expect(levels).toMatchObject({
      secrets: "ok",
      callback_reachable: "ok",
      callback_handshake: "ok",
      callback_signature: "ok",
      app_callback: "ok",
    });
    expect(healthy.accounts[0]?.findings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: "token", level: "ok" }),
        expect.objectContaining({ id: "scopes", level: "ok" }),
        expect.objectContaining({ id: "fields", level: "ok" }),
      ]),
    );
    await stack.meta("DELETE", `/tokens/${ANA}`);
    const ill = await stack.api<Report>("GET", `/doctor?account=${ANA}`);
    expect(ill.healthy).toBe(false);
    expect(ill.accounts[0]?.findings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: "token", level: "fail", fix: "Connect the account again." }),
        expect.objectContaining({ id: "hold", level: "fail" }),
      ]),
    );
    expect(await stack.api("GET", `/accounts/${ANA}`)).toMatchObject({ hold: "token" });
    await browser.open(await browser.logIn(`${stack.url}/connect/instagram`, ANA));
    expect(await stack.api("GET", `/accounts/${ANA}`)).toMatchObject({ hold: null });
  });
});
