/**
 * `npm run doctor`: what GET /api/doctor finds, aligned.
 * `-- https://replyline.example.com` asks another deployment, `-- --account ID` looks at one account. The admin token is
 * ADMIN_TOKEN of the environment; for this machine itself, else that of .dev.vars. Leaves with 1 when something is wrong.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Finding, Report } from "../src/engine/doctor/finding.ts";
import { readDevVars, ROOT } from "../src/simulator/cli/stack/dev-vars.ts";
import { bold, complain, dim, say } from "../src/simulator/cli/terminal.ts";
import { adminTokenFor } from "./admin-token.ts";

const USAGE = "npm run doctor -- [http://127.0.0.1:8787] [--account ID]";
const MARKS: Record<Finding["level"], string> = { ok: "ok  ", info: "info", warn: "WARN", fail: "FAIL" };
const WIDTH = 20;
/** The doctor asks Meta about five accounts at most, ten seconds each. */
const TIMEOUT_MS = 60_000;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options: { account: { type: "string" } }, allowPositionals: true });
  const url = (positionals[0] ?? "http://127.0.0.1:8787").replace(/\/+$/, "");
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new TypeError(`${url} is not an address: it begins with https:// or http://.`);
  }
  const query = values.account === undefined ? "" : `?account=${encodeURIComponent(values.account)}`;
  const body = await report(url, query);

  say(bold(url));
  body.findings.forEach(show);
  for (const { id, name, findings } of body.accounts) {
    say();
    say(bold(name === null ? id : `${name} (${id})`));
    findings.forEach(show);
  }
  if (body.notExamined > 0) {
    say();
    say(dim(`${body.notExamined} more accounts were not looked at closely: --account ID`));
  }
  return body.healthy ? 0 : 1;
}

/** What stands between here and the API is the first thing that can be wrong, so it is named as well. */
async function report(url: string, query: string): Promise<Report> {
  const headers = { authorization: `Bearer ${adminTokenFor(url, process.env, localToken)}` };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${url}/api/doctor${query}`, { headers, redirect: "manual", signal });
    text = await response.text();
  } catch (error) {
    const { message, cause } = error as Error;
    const why = cause instanceof Error ? cause.message || cause.name : message;
    throw new Error(`${url} cannot be reached: ${why}. Is it running, and is this its address?`, { cause: error });
  }
  const body = parse(text);
  if (typeof body !== "object" || body === null || !("findings" in body || "error" in body)) {
    const to = response.headers.get("location");
    const what = to === null ? "which is not Replyline's API" : `and leads to ${to}`;
    throw new Error(
      `${url}/api/doctor answers ${response.status}, ${what}. Give Replyline's own address, and let /api through whatever stands in front of it.`,
    );
  }
  if ("error" in body) {
    throw new Error(`${url} answered ${response.status}: ${(body as { error: { message: string } }).error.message}`);
  }
  return body as Report;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function show({ id, level, title, fix, link }: Finding): void {
  say(`${MARKS[level]}  ${id.padEnd(WIDTH)}  ${title}`);
  const indent = " ".repeat(WIDTH + 8);
  if (fix !== null) say(`${indent}${level === "ok" ? dim(fix) : fix}`);
  if (link !== null && level !== "ok") say(`${indent}${dim(link)}`);
}

function localToken(): string | undefined {
  const path = join(ROOT, ".dev.vars");
  return existsSync(path) ? readDevVars(path)["ADMIN_TOKEN"] : undefined;
}

try {
  process.exitCode = await main();
} catch (error) {
  complain(`${(error as Error).message}\n${USAGE}`);
  process.exitCode = 1;
}
