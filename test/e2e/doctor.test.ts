/** `npm run doctor` as a command: what it prints, and how it leaves. */
import { spawn } from "node:child_process";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { adminTokenFor } from "../../scripts/admin-token.ts";
import { good, fail } from "../../src/engine/doctor/finding.ts";

let server: Server | null = null;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
});

/** A deployment that answers like this. @returns its address */
async function answering(listener: RequestListener): Promise<string> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
}

const doctor = (...args: string[]) => doctorWith("e2e-admin-token-not-real", ...args);

async function doctorWith(token: string, ...args: string[]): Promise<{ status: number | null; text: string }> {
  const child = spawn(process.execPath, ["scripts/doctor.ts", ...args], {
    env: { ...process.env, ADMIN_TOKEN: token },
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { status, text };
}

describe("npm run doctor", () => {
  it("prints each finding with its fix and link, and leaves with 1 when something is wrong", async () => {
    const asked: string[] = [];
    const url = await answering((request, response) => {
      asked.push(`${request.url ?? ""} ${request.headers.authorization ?? ""}`);
      const findings = [
        good("secrets", "All there."),
        fail("token", "It is dead.", "Log in.", "https://meta.example/"),
      ];
      const accounts = [{ id: "17841", name: "ana", findings }];
      response.end(JSON.stringify({ checkedAt: 0, healthy: false, findings, accounts, notExamined: 3 }));
    });
    const { status, text } = await doctor(`${url}/`, "--account", "17841");
    expect(asked).toEqual(["/api/doctor?account=17841 Bearer e2e-admin-token-not-real"]);
    expect(status).toBe(1);
    expect(text).toContain("ok    secrets               All there.");
    expect(text).toContain("FAIL  token                 It is dead.");
    for (const words of ["Log in.", "https://meta.example/", "ana (17841)", "3 more accounts"]) {
      expect(text).toContain(words);
    }
  });

  it("leaves with 0 when all is well", async () => {
    const report = { checkedAt: 0, healthy: true, findings: [good("secrets", "All there.")], accounts: [] };
    const url = await answering((_, response) => response.end(JSON.stringify({ ...report, notExamined: 0 })));
    expect((await doctor(url)).status).toBe(0);
  });

  it.each<[string, RequestListener, RegExp]>([
    [
      "the wrong admin token",
      (_, response) => response.writeHead(401).end('{"error":{"code":"unauthorized","message":"Wrong token."}}'),
      /returned 401: Wrong token\./,
    ],
    [
      "a login page in front",
      (_, response) => response.writeHead(302, { location: "https://team.example/login" }).end("<html>"),
      /returned 302, and redirects to https:\/\/team\.example\/login/,
    ],
    [
      "something else at the address",
      (_, response) => response.end("<html>"),
      /returned 200, which is not a response of Replyline's API/,
    ],
    ["a line that breaks", (request) => request.socket.destroy(), /cannot reach http/],
  ])("names %s", async (_, listener, words) => {
    const { status, text } = await doctor(await answering(listener));
    expect(status).toBe(1);
    expect(text).toMatch(words);
    expect(text).not.toContain("e2e-admin-token");
  });

  it("names an address where nothing listens, and an invalid address", async () => {
    const url = await answering(() => undefined);
    server?.close();
    expect((await doctor(url)).text).toContain(`cannot reach ${url}`);
    expect((await doctor("replyline.example.com")).text).toContain("begins with https://");
  });
});

describe("the admin token that is sent", () => {
  const local = () => "token of .dev.vars";

  it.each(["http://127.0.0.1:8787", "http://localhost:8787", "http://[::1]:8787", "http://127.1"])(
    "to this machine (%s) may be the one of .dev.vars",
    (url) => {
      expect(adminTokenFor(url, {}, local)).toBe("token of .dev.vars");
    },
  );

  it.each([
    "https://replyline.example.com",
    "http://192.168.0.2:8787",
    "https://localhost.example.com",
    "http://127.0.0.1.example.com",
    "http://localhost:8787@replyline.example.com",
    "http://0.0.0.0:8787",
  ])("elsewhere (%s) is the one that was set for it, or none at all", (url) => {
    expect(() => adminTokenFor(url, {}, local)).toThrow(/Set it to the admin token of .*export ADMIN_TOKEN=/);
    expect(() => adminTokenFor(url, { ADMIN_TOKEN: "" }, local)).toThrow("ADMIN_TOKEN is not set");
    expect(adminTokenFor(url, { ADMIN_TOKEN: "its own" }, local)).toBe("its own");
  });

  it("is asked for before anything is sent", async () => {
    const { status, text } = await doctorWith("", "https://replyline.example.com");
    expect(status).toBe(1);
    expect(text).toContain("Set it to the admin token of replyline.example.com: export ADMIN_TOKEN=…");
  });
});
