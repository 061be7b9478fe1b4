/**
 * `npm run doctor`: what GET /api/doctor finds, aligned.
 * `-- https://replyline.example.com` asks another deployment, `-- --account ID` looks at one account. The admin token is
 * ADMIN_TOKEN of the environment, else of .dev.vars. Leaves with 1 when something is wrong.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Finding, Report } from "../src/engine/doctor/finding.ts";
import { readDevVars, ROOT } from "../src/simulator/cli/dev-vars.ts";
import { bold, complain, dim, say } from "../src/simulator/cli/terminal.ts";

const USAGE = "npm run doctor -- [http://127.0.0.1:8787] [--account ID]";
const MARKS: Record<Finding["level"], string> = { ok: "ok  ", info: "info", warn: "WARN", fail: "FAIL" };
const WIDTH = 20;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options: { account: { type: "string" } }, allowPositionals: true });
  const url = (positionals[0] ?? "http://127.0.0.1:8787").replace(/\/+$/, "");
  if (!URL.canParse(url)) throw new TypeError(`${url} is not an address`);
  const query = values.account === undefined ? "" : `?account=${encodeURIComponent(values.account)}`;
  const response = await fetch(`${url}/api/doctor${query}`, { headers: { authorization: `Bearer ${adminToken()}` } });
  const body = (await response.json()) as Report | { error: { message: string } };
  if ("error" in body) throw new Error(`${url} answered ${response.status}: ${body.error.message}`);

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

function show({ id, level, title, fix, link }: Finding): void {
  say(`${MARKS[level]}  ${id.padEnd(WIDTH)}  ${title}`);
  const indent = " ".repeat(WIDTH + 8);
  if (fix !== null) say(`${indent}${level === "ok" ? dim(fix) : fix}`);
  if (link !== null && level !== "ok") say(`${indent}${dim(link)}`);
}

function adminToken(): string {
  const path = join(ROOT, ".dev.vars");
  const token = process.env["ADMIN_TOKEN"] ?? (existsSync(path) ? readDevVars(path)["ADMIN_TOKEN"] : undefined);
  if (token === undefined || token === "")
    throw new Error("ADMIN_TOKEN is neither in the environment nor in .dev.vars");
  return token;
}

try {
  process.exitCode = await main();
} catch (error) {
  complain(`${(error as Error).message}\n${USAGE}`);
  process.exitCode = 1;
}
