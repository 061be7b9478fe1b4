import { afterEach, describe, expect, test } from "vitest";
import { CASES } from "../../../../src/simulator/cli/conform/all-cases.ts";
import type { Finding } from "../../../../src/simulator/cli/conform/conform-case.ts";
import { Probe } from "../../../../src/simulator/cli/conform/probe.ts";
import { seededRandom } from "../../../../src/simulator/notifications/meta-ids.ts";
import { SECRET, startReceiver, VERIFY_TOKEN } from "./sample-receiver.ts";
import type { Defect, RunningReceiver } from "./sample-receiver.ts";

let receiver: RunningReceiver | undefined;
afterEach(() => receiver?.close());

async function findings(defect: Defect | null, titles: readonly string[]): Promise<Record<string, Finding["outcome"]>> {
  receiver = await startReceiver(defect);
  const probe = new Probe(receiver.url, SECRET, VERIFY_TOKEN);
  const found: Record<string, Finding["outcome"]> = {};
  for (const item of CASES.filter(({ title }) => titles.includes(title))) {
    found[item.title] = (await item.run({ probe, accountId: "17841400000000000", random: seededRandom(3) })).outcome;
  }
  return found;
}

test("a receiver that keeps the contract passes every case", { timeout: 30_000 }, async () => {
  const titles = CASES.map(({ title }) => title);
  const found = await findings(null, titles);
  expect(found).toEqual(Object.fromEntries(titles.map((title) => [title, "pass"])));
});

test("every case has a title of its own, and says why it matters", () => {
  expect(new Set(CASES.map(({ title }) => title)).size).toBe(CASES.length);
  for (const { why } of CASES) expect(why.length).toBeGreaterThan(15);
});

test("a receiver that hashes the raw bytes alone is right: that it takes no escaped form is a note", async () => {
  const title = "a UTF-8 body, signed in its escaped form";
  expect(await findings("no escaped form", [title])).toEqual({ [title]: "note" });
});

/** Each mistake, and the cases that must notice it. */
const NOTICED: Readonly<Record<Exclude<Defect, "slow" | "hangs without mode" | "no escaped form">, readonly string[]>> =
  {
    "challenge in quotes": ["the correct token gets the bare challenge", "parameters in another order"],
    "challenge as html": ["markup in hub.challenge cannot run in a browser"],
    "token not checked": ["the wrong token is refused"],
    "mode not checked": ["another hub.mode is refused"],
    "numbers only": ["a challenge that is not a number"],
    "hashes decoded text": ["valid signature over bytes that are not UTF-8"],
    "signature not checked": [
      "signed with another secret: refused",
      "not signed: refused",
      "one byte changed after signing: refused",
      "a shortened body: refused",
      "a valid delivery right after a hundred forged ones",
    ],
    "sha1 accepted": ["SHA-1 alone: refused", "valid SHA-1, invalid SHA-256: refused"],
    "refuses sha1 beside sha256": ["both headers, SHA-256 and SHA-1"],
    "leaks the signature": ["signed with another secret: refused", "not signed: refused"],
    "leaks a stack trace": ["not signed: refused"],
    "throws on odd headers": ["headers that are not a signature: refused, never 500"],
    "400 on bad json": ["signed, but not JSON"],
    "500 on unknown shapes": [
      "every kind of notification, Instagram and Page",
      "unknown objects, fields and keys",
      "missing, empty and null values",
      "names of changed fields without values",
      "messages without a text, in every form that was captured",
      "messaging items without a sender, or without both parties",
    ],
    "expects an author": ["comments without an author, an author's id, a text or a media"],
    "413 on batches": ["1,000 updates in one delivery", "a message of 300 KB"],
    "trusts content-length": ["a body that takes two seconds to arrive, without a length"],
  };

describe("a mistake is noticed", () => {
  for (const [defect, titles] of Object.entries(NOTICED)) {
    test(defect, { timeout: 15_000 }, async () => {
      expect(await findings(defect as Defect, titles)).toEqual(
        Object.fromEntries(titles.map((title) => [title, "fail"])),
      );
    });
  }
});
