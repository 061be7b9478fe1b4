import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test, vi } from "vitest";
import { JsonClient } from "../../../src/simulator/cli/api-clients.ts";
import { run } from "../../../src/simulator/cli/program.ts";

afterEach(() => vi.restoreAllMocks());

/** What a command line writes, and its exit status. */
async function meta(...argv: string[]): Promise<{ status: number; out: string; err: string }> {
  let out = "";
  let err = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    err += String(text);
    return true;
  });
  try {
    return { status: await run(argv), out, err };
  } finally {
    vi.restoreAllMocks();
  }
}

test("without a command, and with --help, all commands are listed", async () => {
  const help = await meta("--help");
  expect(help.status).toBe(0);
  for (const name of ["comment", "story-mention", "test-button", "send", "play", "conform", "start", "fault"]) {
    expect(help.out).toMatch(new RegExp(`^  ${name} `, "m"));
  }
  expect((await meta()).status).toBe(2);
});

test("a command's help shows its options and an example that begins with it", async () => {
  const { status, out } = await meta("comment", "--help");
  expect(status).toBe(0);
  expect(out).toContain("--duplicate");
  expect(out).toContain("npm run meta -- comment --text");
});

describe("a wrong command line gets an error, an example and status 2", () => {
  const lines: Record<string, [argv: string[], says: string]> = {
    "an unknown command": [["coment"], "Did you mean comment"],
    "an unknown option": [["comment", "--txt", "x"], "unknown option '--txt'\n(Did you mean --text?)"],
    "a missing value": [["comment", "--text"], "option '--text <value>' argument missing"],
    "an option in the place of a value": [["comment", "--text", "--print"], "--text needs a value"],
    "a missing argument": [["callback"], "missing required argument 'url'"],
    "a value that begins with a dash": [["comment", "--count", "-3"], '--count must be a whole number, not "-3"'],
    "a value for a flag": [["comment", "--live=yes"], "--live takes no value"],
    "a value that is not a number": [["comment", "--count", "many"], '--count must be a whole number, not "many"'],
    "too large a batch": [["comment", "--batch", "1001"], "--batch must be from 1 to 1000"],
    "an unknown choice": [["comment", "--product-type", "POEM"], "--product-type must be one of FEED"],
    "an unexpected word": [["comment", "hello"], 'unexpected argument "hello"; use --text'],
    "a value that is not an address": [["comment", "--to", "nowhere"], "--to must be an address"],
    "a missing file": [["send", "--file", "/no/such/file"], "file not found: /no/such/file"],
    "a folder instead of a file": [["send", "--file", "/"], "cannot be read"],
    "two files": [["send", "a.json", "b.json"], 'unexpected argument "b.json"'],
    "an empty file": [["send", "--file", "/dev/null", "--raw"], "/dev/null is empty"],
    "a file that is not JSON": [["send", "--file", fileURLToPath(import.meta.url)], "is not valid JSON"],
    "an argument for a command without one": [
      ["reset", "now"],
      'unexpected argument "now"; the command takes options only',
    ],
    "an invalid port": [["start", "--port", "99999"], "--port must be from 1 to 65535"],
    "an invalid port for a scenario": [["play", "two-bots", "--port", "0"], "--port must be from 1 to 65535"],
    "an invalid speed": [["start", "--speed", "0"], "--speed must be a number above 0"],
    "start with a callback that is not an address": [["start", "--callback", "here"], "--callback must be an address"],
    "callback with a value that is not an address": [
      ["callback", "here"],
      'the callback URL must be an address such as http://127.0.0.1:3000/webhooks, not "here"',
    ],
    "a fault on an unknown operation": [
      ["fault", "--on", "nothing", "--code", "1"],
      "--on must be one of any, private_reply",
    ],
    "a second reply that is not an error code": [["behave", "--second-reply", "x"], "must be a code or code/subcode"],
    "a code with two signs": [["behave", "--second-reply", "--1/2534023"], "must be a code or code/subcode"],
    "an error after a tap without a time": [
      ["behave", "--after-tap-error", "230"],
      "use --after-tap-error with --after-tap",
    ],
    "a delay without an automatic reply": [
      ["behave", "--automatic-delay", "2000"],
      "use --automatic-delay with --automatic-reply",
    ],
    "an unknown form of own comments": [
      ["behave", "--own-comments", "nameless"],
      "--own-comments must be one of usual, username-only, other-id, app-scoped-id, without-from, sender-id, in-turn",
    ],
    "an outage without a number": [["outage", "soon"], "the outage must be a number of seconds"],
    "an unknown scenario": [["play", "hamlet"], 'unknown scenario "hamlet"'],
    "an unknown group of cases": [
      ["conform", "http://127.0.0.1:9/", "--secret", "s", "--verify-token", "t", "--only", "poems"],
      "--only must be one of handshake, signature, body, load, effects",
    ],
    "effect cases without a simulator": [
      ["conform", "http://127.0.0.1:9/", "--secret", "s", "--verify-token", "t", "--only", "Effects"],
      "--only effects needs --meta",
    ],
    "effect cases without an account": [
      ["conform", "http://127.0.0.1:9/", "--secret", "s", "--verify-token", "t", "--meta", "http://127.0.0.1:9"],
      "--meta needs --account: the connected account",
    ],
    "conform with a value that is not an address": [["conform", "here"], "must be an address"],
    "no simulator": [["fault", "--code", "2", "--meta", "http://127.0.0.1:9"], "no simulator responds"],
    "two faults at once": [
      ["fault", "--code", "1", "--timeout", "5"],
      "option '--code <value>' cannot be used with option '--timeout <value>'",
    ],
    "a delay with a subcode": [
      ["fault", "--delay", "5", "--subcode", "1"],
      "option '--subcode <value>' cannot be used with option '--delay <value>'",
    ],
    "--clear with a fault": [
      ["fault", "--clear", "--code", "1"],
      "option '--clear' cannot be used with option '--code <value>'",
    ],
    "--kill with a new token": [
      ["token", "1", "--kill", "--expires-in", "5"],
      "option '--kill' cannot be used with option '--expires-in <value>'",
    ],
    "a subcode without --kill": [["token", "1", "--subcode", "460"], "with --kill"],
    "two senders": [
      ["comment", "--to", "http://127.0.0.1:9/", "--meta", "http://127.0.0.1:9"],
      "option '--to <value>' cannot be used with option '--meta <value>'",
    ],
    "a retry option without --retry": [
      ["comment", "--to", "http://127.0.0.1:9/", "--secret", "s", "--speed", "60"],
      "use --speed with --retry",
    ],
    "Replyline without a simulator": [
      ["play", "two-bots", "--replyline", "http://127.0.0.1:9", "--admin-token", "t"],
      "use --replyline with --meta",
    ],
    "a keyword without a simulator": [
      ["conform", "http://127.0.0.1:9/", "--secret", "s", "--verify-token", "t", "--keyword", "x"],
      "use --keyword with --meta",
    ],
    "a referral without a source": [["referral", "--print"], "--ref or --ad"],
  };
  for (const [name, [argv, says]] of Object.entries(lines)) {
    test(name, async () => {
      const { status, err } = await meta(...argv);
      expect(err).toContain(says);
      expect(status).toBe(2);
      if (argv[0] !== "coment") expect(err).toMatch(/^For example: npm run meta -- [a-z]/m);
    });
  }
});

test("the example below an error shows the option that the error is about", async () => {
  expect((await meta("start", "--port", "99999")).err).toContain("start --port 8800");
  expect((await meta("comment", "--to", "nowhere")).err).toContain("comment --to http://127.0.0.1:3000/webhooks");
});

test("a request without a response names the address and the request", async () => {
  const server = createHttpServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    await expect(new JsonClient(url).request("GET", "/x", undefined, 50)).rejects.toThrow(
      `${url} sent no response to GET /x within 0.05 s`,
    );
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

test("a closed pipe ends the command without a stack trace", () => {
  const entry = fileURLToPath(new URL("../../../src/simulator/cli/index.ts", import.meta.url));
  const line = `"$NODE" "$ENTRY" comment --print --count 5000 | head -1`;
  const env = { ...process.env, NODE: process.execPath, ENTRY: entry };
  const { stdout, stderr } = spawnSync("sh", ["-c", line], { encoding: "utf8", env });
  expect(stdout.trim().split("\n")).toHaveLength(1);
  expect(stderr).toBe("");
});

test("a port in use is reported before anything starts", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    for (const command of [["start"], ["play", "two-bots"]]) {
      const { status, out, err } = await meta(...command, "--port", String(port));
      expect(err).toContain(`port ${port} is in use`);
      expect({ status, out }).toEqual({ status: 2, out: "" });
    }
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});

test("a body can be printed, and with a seed it is the same again", async () => {
  const first = await meta("message", "--text", "Grüße", "--seed", "5", "--print");
  expect(first.status).toBe(0);
  const ids = (text: string): unknown =>
    (JSON.parse(text) as { entry: { messaging: { sender: unknown }[] }[] }).entry[0]?.messaging[0]?.sender;
  expect(ids(first.out)).toEqual(ids((await meta("message", "--text", "Grüße", "--seed", "5", "--print")).out));
  expect(first.out).toContain(String.raw`Gr\u00fc\u00dfe`);
});

test("a file goes out in wire form, and with --raw as it is, JSON or not", async () => {
  const folder = mkdtempSync(join(tmpdir(), "replyline-test-"));
  const file = join(folder, "body.json");
  try {
    writeFileSync(file, '{ "text": "Grüße" }');
    expect((await meta("send", "--file", file, "--print")).out).toBe(String.raw`{"text":"Gr\u00fc\u00dfe"}` + "\n");
    expect((await meta("send", "--file", file, "--print", "--raw")).out).toBe('{ "text": "Grüße" }\n');
    writeFileSync(file, '{"half');
    expect((await meta("send", "--file", file, "--print", "--raw")).out).toBe('{"half\n');
    expect((await meta("send", "--file", file, "--print")).err).toContain(`send --file ${file} --raw`);
    writeFileSync(file, Buffer.from([0x22, 0xff, 0x22]));
    expect((await meta("send", "--file", file, "--print", "--raw")).err).toContain("is not UTF-8");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("as a process: only the output goes to standard output, and without colors if NO_COLOR is set", () => {
  const entry = fileURLToPath(new URL("../../../src/simulator/cli/index.ts", import.meta.url));
  const env = { ...process.env, NO_COLOR: "1" };
  const { status, stdout, stderr } = spawnSync(process.execPath, [entry, "comment", "--print"], {
    encoding: "utf8",
    env,
  });
  expect(status).toBe(0);
  expect(stdout).not.toContain("\u001b[");
  expect(() => JSON.parse(stdout) as unknown).not.toThrow();
  expect(stderr).toBe("");
});
