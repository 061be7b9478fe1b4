/**
 * `npm run doctor`: prints the findings of GET /api/doctor. The admin token is ADMIN_TOKEN of the environment; for this
 * machine, the one in .dev.vars is the fallback. The exit status is 1 if something is wrong.
 */
import { Command } from "commander";
import type { Finding, Report } from "../src/api/doctor.ts";
import { apiPath } from "../src/api/paths.ts";
import { bold, complain, dim, say } from "../src/simulator/cli/terminal.ts";
import { adminTokenFor } from "./admin-token.ts";

const command = new Command("npm run doctor --")
  .description("Check a deployment of Replyline.")
  .argument("[url]", "the address of the deployment", "http://127.0.0.1:8787")
  .option("--account <id>", "check this account");

const MARKS: Record<Finding["level"], string> = { ok: "ok  ", info: "info", warn: "WARN", fail: "FAIL" };
const WIDTH = 20;
/** The doctor asks Meta about five accounts at most, ten seconds each. */
const TIMEOUT_MS = 60_000;

async function main(): Promise<number> {
  command.parse();
  const { account } = command.opts<{ account?: string }>();
  const url = String(command.processedArgs[0]).replace(/\/+$/, "");
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new TypeError(`${url} is not an address. An address begins with https:// or http://.`);
  }
  const query = account === undefined ? "" : `?account=${encodeURIComponent(account)}`;
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
    say(dim(`${body.notExamined} more accounts were not checked in detail. To check one: --account <id>`));
  }
  return body.healthy ? 0 : 1;
}

/** A proxy in front of the API is the first thing that can be wrong, so the errors name it. */
async function report(url: string, query: string): Promise<Report> {
  const headers = { authorization: `Bearer ${adminTokenFor(url, process.env)}` };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${url}${apiPath("doctor")}${query}`, { headers, redirect: "manual", signal });
    text = await response.text();
  } catch (error) {
    const { message, cause } = error as Error;
    const why = cause instanceof Error ? cause.message || cause.name : message;
    throw new Error(`cannot reach ${url}: ${why}. Is it running at this address?`, { cause: error });
  }
  const body = parse(text);
  if (typeof body !== "object" || body === null || !("findings" in body || "error" in body)) {
    const to = response.headers.get("location");
    const what = to === null ? "which is not a response of Replyline's API" : `and redirects to ${to}`;
    throw new Error(
      `${url}/api/doctor returned ${response.status}, ${what}. Use Replyline's own address, and let requests to /api pass any proxy in front of it.`,
    );
  }
  if ("error" in body) {
    throw new Error(`${url} returned ${response.status}: ${(body as { error: { message: string } }).error.message}`);
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

try {
  process.exitCode = await main();
} catch (error) {
  complain(`${(error as Error).message}\nOptions: npm run doctor -- --help`);
  process.exitCode = 1;
}
