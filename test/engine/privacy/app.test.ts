import { env, exports } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createPrivacyApp } from "../../../src/engine/privacy/app.tsx";
import { requestErasure } from "../../../src/engine/privacy/erase-account.ts";
import { namesId } from "../../../src/engine/privacy/names.ts";
import { objectsOf } from "../../../src/engine/objects.ts";
import type { MetaEvent } from "../../../src/core/event.ts";

const SECRET = "test_app_secret_not_real";

async function signed(payload: unknown, secret = SECRET): Promise<string> {
  const encoder = new TextEncoder();
  const base64url = (bytes: Uint8Array): string =>
    btoa(String.fromCharCode(...bytes))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replace(/=+$/, "");
  const encoded = base64url(encoder.encode(JSON.stringify(payload)));
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
  ]);
  const signature = await crypto.subtle.sign("HMAC", key, encoder.encode(encoded));
  return `${base64url(new Uint8Array(signature))}.${encoded}`;
}

const post = (path: string, body: BodyInit, headers: Record<string, string> = {}) =>
  exports.default.fetch(new Request(`https://r.example${path}`, { method: "POST", body, headers }));

const form = async (payload: unknown, secret?: string) =>
  new URLSearchParams({ signed_request: await signed(payload, secret) });

let issued = 1_795_000_000;
const payload = (user_id: unknown) => ({ algorithm: "HMAC-SHA256", issued_at: issued++, user_id });

/** The captured log lines. */
let logged: string[] = [];
const lines = (): string[] => logged;

afterEach(() => {
  vi.restoreAllMocks();
});

function quiet(): void {
  logged = [];
  vi.spyOn(console, "log").mockImplementation((line: unknown) => void logged.push(String(line)));
}

describe.each(["/deauthorize", "/data-deletion"])("POST %s", (path) => {
  it("returns a URL and a code to Meta, for any person", async () => {
    quiet();
    const response = await post(path, await form(payload("218054700001")));
    expect(response.status).toBe(200);
    const body = await response.json<{ url: string; confirmation_code: string }>();
    expect(Object.keys(body)).toEqual(["url", "confirmation_code"]);
    expect(body.url).toBe(`https://r.example/data-deletion/${body.confirmation_code}`);
    const shown = await exports.default.fetch(body.url);
    expect(shown.status).toBe(200);
    expect(await shown.text()).toContain("No data about you was stored.");
    expect(lines().join("\n")).not.toContain("218054700001");
  });

  it("refuses a request without a valid signature, and does not say why", async () => {
    quiet();
    const good = await signed(payload("218054700002"));
    const bodies: [string, BodyInit][] = [
      ["another secret", await form(payload("218054700002"), "somebody_else")],
      ["another algorithm", await form({ ...payload("218054700002"), algorithm: "none" })],
      ["no field", new URLSearchParams({ request: good })],
      ["no form", good],
      ["JSON", JSON.stringify({ signed_request: good })],
      ["too much", new URLSearchParams({ signed_request: good, pad: "x".repeat(20_000) })],
    ];
    for (const [what, body] of bodies) {
      const response = await post(path, body);
      expect([what, response.status, await response.text()]).toEqual([what, 400, ""]);
    }
    expect(lines().filter((line) => line.includes("erasure_requested"))).toEqual([]);
  });

  it("is one request when Meta sends it twice, and a new request later", async () => {
    quiet();
    const code = async (given: unknown): Promise<string> =>
      (await (await post(path, await form(given))).json<{ confirmation_code: string }>()).confirmation_code;
    const once = payload("218054700003");
    const first = await code(once);
    expect(await code(once)).toBe(first);
    expect(await code(payload("218054700003"))).not.toBe(first);
  });

  it("accepts no other method", async () => {
    for (const method of ["PUT", "DELETE"]) {
      const response = await exports.default.fetch(new Request(`https://r.example${path}`, { method }));
      expect([response.status, response.headers.get("Allow")]).toEqual([
        405,
        path === "/deauthorize" ? "POST" : "GET, HEAD, POST",
      ]);
    }
  });

  it("returns 503 while the configuration is wrong", async () => {
    const body = await form(payload("218054700004"));
    const init = { method: "POST", body };
    const response = await createPrivacyApp().request(`https://r.example${path}`, init, {
      ...env,
      META_APP_SECRETS: "",
    });
    expect([response.status, response.headers.get("Retry-After")]).toEqual([503, "60"]);
  });
});

describe("removing the app, and then asking for deletion", () => {
  const code = async (path: string, given: unknown): Promise<string> =>
    (await (await post(path, await form(given))).json<{ confirmation_code: string }>()).confirmation_code;
  const api = (path: string, init: RequestInit = {}) =>
    exports.default.fetch(
      new Request(`https://r.example/api${path}`, {
        ...init,
        headers: { Authorization: `Bearer ${env.ADMIN_TOKEN}`, "Content-Type": "application/json" },
      }),
    );

  const automationsOf = async (id: string) => (await objectsOf(env).account(id, (of) => of.automations())).items;

  /** Connected by this person, with an automation; then the app is removed. */
  async function parkedAccount(id: string, person: string): Promise<void> {
    const account = env.ACCOUNTS.getByName(id);
    await account.link(id, { platform: "instagram", login: "instagram", accessToken: "token-not-real" });
    await env.DIRECTORY.getByName("directory").own(id, [person]);
    const trigger = { on: "comment" as const, keywords: [], match: "any" as const, mediaIds: [] };
    const actions = { publicReply: { texts: ["thanks"] } };
    await account.putAutomations(id, [{ id: "a", name: "a", enabled: true, trigger, actions }], null);
    const removed = await code("/deauthorize", payload(person));
    const shown = await (await exports.default.fetch(`https://r.example/data-deletion/${removed}`)).text();
    expect(shown).toContain("Deleted accounts: 1");
    expect(shown).toContain("stay for a new login");
    expect(await automationsOf(id)).toHaveLength(1);
    expect((await api(`/accounts/${id}`)).status).toBe(404);
  }

  it("erases the remaining data, and the page says so", async () => {
    quiet();
    const [id, person] = ["17841000000007001", "218054700011"];
    await parkedAccount(id, person);
    const deletion = await code("/data-deletion", payload(person));
    const shown = await (await exports.default.fetch(`https://r.example/data-deletion/${deletion}`)).text();
    expect(shown).toContain("Deleted accounts: 1");
    expect(shown).not.toContain("No data about you was stored.");
    expect(await automationsOf(id)).toEqual([]);
  });

  it("can also be requested with the account's id", async () => {
    quiet();
    const [id, person] = ["17841000000007002", "218054700012"];
    await parkedAccount(id, person);
    const made = await api("/erasures", { method: "POST", body: JSON.stringify({ id }) });
    expect(await made.json()).toMatchObject({ erased: 1, people: 0 });
    expect(await automationsOf(id)).toEqual([]);
    expect(await (await api("/erasures", { method: "POST", body: JSON.stringify({ id }) })).json()).toMatchObject({
      erased: 0,
    });
  });
});

describe("the status page", () => {
  it("exists only for issued codes", async () => {
    for (const code of ["0".repeat(32), "..", "x", "%00", "A".repeat(400)]) {
      expect((await exports.default.fetch(`https://r.example/data-deletion/${code}`)).status, code).toBe(404);
    }
    const how = await exports.default.fetch("https://r.example/data-deletion");
    expect(await how.text()).toContain("Apps and Websites");
    expect(how.headers.get("Content-Security-Policy")).toContain("default-src 'none'");
  });
});

describe("an erasure over many accounts", () => {
  const event = (accountId: string, person: string, at: number): MetaEvent => {
    const value = { id: `${at}${accountId}`, text: "hello", from: { id: person }, media: { id: "18054321970886143" } };
    return {
      v: 1,
      id: `instagram:${accountId}:comment:${at}`,
      accountId,
      object: "instagram",
      kind: "comment",
      field: "comments",
      occurredAt: at,
      receivedAt: at,
      deliveryId: "d",
      test: false,
      raw: JSON.stringify({ field: "comments", value }),
      proof: { secret: "instagram", form: "raw" },
    };
  };

  it("finds the person in every account, and continues after an interruption", async () => {
    quiet();
    const person = "104587293016482700";
    const ids = Array.from({ length: 12 }, (_, n) => `1784100000${1_000 + n}`);
    const at = Date.now() - 60_000;
    for (const [n, id] of ids.entries())
      await env.ACCOUNTS.getByName(id).ingest(id, [event(id, n % 3 === 0 ? person : "9", at)]);

    const objects = objectsOf(env);
    let failures = 1;
    const flaky = {
      ...objects,
      account: ((id, ask) =>
        id === ids[7] && failures-- > 0
          ? Promise.reject(new Error("moved"))
          : objects.account(id, ask)) as typeof objects.account,
    };
    const ports = { objects: flaky, log: () => undefined };
    const request = { code: "e".repeat(32), key: "many", kind: "request", subject: person } as const;
    expect(await requestErasure(ports, request)).toMatchObject({ finishedAt: null });
    const again = await requestErasure(ports, request);
    expect(again.finishedAt).not.toBeNull();
    for (const [n, id] of ids.entries()) {
      const { items } = await env.ACCOUNTS.getByName(id).events(id, { limit: 5 });
      expect(items).toHaveLength(n % 3 === 0 ? 0 : 1);
      expect(await env.ACCOUNTS.getByName(id).ingest(id, [event(id, person, at - 1)])).toEqual({
        results: ["duplicate"],
      });
    }
  });
});

describe("erasing an Instagram account with Facebook Login", () => {
  const PAGE = "112233445566001";
  const BEHIND = "17841000000008001";

  /** Erases it, and records the requests about the Page's subscription. */
  async function erased(id: string): Promise<string[]> {
    const asked: string[] = [];
    const objects = objectsOf(env);
    const watched = {
      ...objects,
      account: ((accountId, ask) =>
        objects.account(accountId, (account) =>
          ask({
            ...account,
            subscribedApps: async (of, { method }) => {
              asked.push(`${method} ${of}`);
              return { ok: true, value: { apps: [] } };
            },
            erase: (of, everything) => account.erase(of, everything),
          }),
        )) as typeof objects.account,
    };
    const code = id.padStart(32, "0");
    const request = { code, key: code, kind: "request", subject: id } as const;
    expect(await requestErasure({ objects: watched, log: () => undefined }, request)).toMatchObject({ erased: 1 });
    return asked;
  }

  it("keeps the Page's subscription, and the last of the two accounts removes it", async () => {
    const connection = { login: "facebook", accessToken: "token-not-real" } as const;
    await env.ACCOUNTS.getByName(PAGE).link(PAGE, { ...connection, platform: "page" });
    await env.ACCOUNTS.getByName(BEHIND).link(BEHIND, { ...connection, platform: "instagram", sendAs: PAGE });
    expect(await erased(BEHIND)).toEqual([]);
    expect(await erased(PAGE)).toEqual([`DELETE ${PAGE}`]);
  });
});

describe("an id in a text", () => {
  it.each([
    ['{"id":"1045872930164827"}', true],
    ['{"id":1045872930164827}', true],
    ["1045872930164827", true],
    ['{"id":"21045872930164827"}', false],
    ['{"id":"10458729301648271"}', false],
    ['{"id":"21045872930164827","and":"1045872930164827"}', true],
    ["", false],
  ])("%s: %s", (text, named) => {
    expect(namesId(text, "1045872930164827")).toBe(named);
  });

  it("is not searched for when it is too short", () => {
    expect(namesId('{"v":1}', "1")).toBe(false);
  });
});
