import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { startMeta } from "../../../../src/simulator/cli/standalone/simulator-server.ts";
import type { MetaServer } from "../../../../src/simulator/cli/standalone/simulator-server.ts";
import { freePort } from "../../../../src/simulator/cli/stack/free-port.ts";
import { SECRETS, STUDIO } from "../../world.ts";

const config = { appId: "1", instagramAppId: "2", appSecrets: SECRETS, verifyToken: "verify-me" };
let directory: string;
let port: number;
const running: MetaServer[] = [];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "replyline-test-"));
  port = await freePort();
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const server of running.splice(0)) await server.stop();
  rmSync(directory, { recursive: true });
});

async function start(): Promise<string> {
  const server = await startMeta({ port, directory, config });
  running.push(server);
  return server.url;
}

async function control<T>(url: string, method: string, path: string, body?: object): Promise<T> {
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  return (await (await fetch(`${url}/__meta${path}`, { method, ...init })).json()) as T;
}

describe("the simulator alone", () => {
  test("responds as the Graph API, and with 404 on other paths", async () => {
    const url = await start();
    const none = await fetch(`${url}/v26.0/me`);
    expect(none.status).toBe(400);
    expect(none.headers.get("content-type")).toContain("application/json");
    expect(await none.json()).toMatchObject({ error: { code: 104 } });
    expect((await fetch(`${url}/webhooks`, { method: "POST", body: "{}" })).status).toBe(404);
  });

  test("names a state file that it cannot read, frees the port, and deletes the file with --fresh", async () => {
    writeFileSync(join(directory, "state.sqlite"), "this is no database, and never was one".repeat(200));
    await expect(startMeta({ port, directory, config })).rejects.toThrow(/cannot read .*state\.sqlite .* --fresh/);
    const server = await startMeta({ port, directory, config, fresh: true });
    running.push(server);
    expect((await fetch(`${server.url}/v26.0/me`)).status).toBe(400);
  });

  test("takes bursts of calls", async () => {
    const url = await start();
    const { accessToken } = await control<{ accessToken: string }>(url, "PUT", `/accounts/${STUDIO}`, {});
    for (let burst = 0; burst < 3; burst += 1) {
      const calls = Array.from({ length: 50 }, () => fetch(`${url}/v26.0/me?access_token=${accessToken}`));
      const statuses = (await Promise.all(calls)).map(({ status }) => status);
      expect(statuses).toEqual(Array.from({ length: 50 }, () => 200));
    }
  });

  test("keeps what it knows for the next start, and forgets what was taken away", async () => {
    const url = await start();
    const { accessToken } = await control<{ accessToken: string }>(url, "PUT", `/accounts/${STUDIO}`, {});
    await control(url, "PUT", "/comments/1", { accountId: STUDIO });
    await control(url, "PUT", "/comments/2", { accountId: STUDIO });
    await control(url, "DELETE", "/comments/2");
    await running.pop()?.stop();
    // Another port: this process's fetch may still hold a connection to the first one.
    port = await freePort();
    const again = await start();
    expect((await fetch(`${again}/v26.0/me?access_token=${accessToken}`)).status).toBe(200);
    const { items } = await control<{ items: { id: string }[] }>(again, "GET", "/comments");
    expect(items.map(({ id }) => id)).toEqual(["1"]);
  });

  test("of two that start on one port, the second fails and leaves the state alone", async () => {
    await start();
    await expect(startMeta({ port, directory, config })).rejects.toMatchObject({ code: "EADDRINUSE" });
  });

  test("a broken request gets a 400, and the next one works", async () => {
    const url = await start();
    const answered = await new Promise<string>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => socket.write("TRACE /v26.0/me HTTP/1.1\r\nHost: x\r\n\r\n"));
      socket.once("data", (data) => {
        socket.destroy();
        resolve(String(data));
      });
    });
    expect(answered).toMatch(/^HTTP\/1\.1 400 /);
    expect((await fetch(`${url}/v26.0/me`)).status).toBe(400);
  });
});
