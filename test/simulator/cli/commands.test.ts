import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test, vi } from "vitest";
import { run } from "../../../src/simulator/cli/main.ts";

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

describe("a wrong command line is answered with what is wrong and an example, status 2", () => {
  const lines: Record<string, [argv: string[], says: string]> = {
    "an unknown command": [["coment"], "Did you mean comment"],
    "an unknown option": [["comment", "--txt", "x"], "Unknown option '--txt'"],
    "a missing value": [["comment", "--text"], "--text"],
    "a number that is none": [["comment", "--count", "many"], '--count must be a whole number, not "many"'],
    "too large a batch": [["comment", "--batch", "1001"], "--batch must be from 1 to 1000"],
    "a choice that there is not": [["comment", "--product-type", "POEM"], "--product-type must be one of FEED"],
    "a stray word": [["comment", "hello"], 'what is "hello"?'],
    "an address that is none": [["comment", "--to", "nowhere"], "--to must be an address"],
    "a file that is not there": [["send", "--file", "/no/such/file"], "cannot be read"],
    "an unknown scenario": [["play", "hamlet"], "there is no scenario"],
    "a callback that is no address": [["conform", "here"], "must be an address"],
    "no simulator": [["fault", "--code", "2", "--meta", "http://127.0.0.1:9"], "no simulator answers"],
    "a referral from nowhere": [["referral", "--print"], "--ref or --ad"],
  };
  for (const [name, [argv, says]] of Object.entries(lines)) {
    test(name, async () => {
      const { status, err } = await meta(...argv);
      expect(err).toContain(says);
      expect(status).toBe(2);
      if (argv[0] !== "coment") expect(err).toContain(`For example: npm run meta -- ${argv[0]}`);
    });
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

test("as a process: nothing but the output itself goes to standard output, without colour where none is wanted", () => {
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
