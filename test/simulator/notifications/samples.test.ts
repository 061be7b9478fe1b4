import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readOptions } from "../../../src/simulator/cli/cli-command.ts";
import { NOTIFY_COMMANDS } from "../../../src/simulator/cli/commands/notification-commands.ts";
import { compose } from "../../../src/simulator/cli/send/compose-deliveries.ts";
import { seededRandom } from "../../../src/simulator/notifications/meta-ids.ts";
import { KINDS } from "../../../src/simulator/notifications/kinds/all-kinds.ts";
import { SAMPLES } from "./samples.ts";
import { shapeOf } from "./shape.ts";

const FOLDER = new URL("../../payloads/", import.meta.url);
const NOW = Date.UTC(2026, 10, 20, 9);
const DEFAULTS = {
  accountId: "17841460928374651",
  pageId: "104857392817465",
  appId: "1184729305561827",
  mediaId: "18054321970886143",
};

const sample = (name: string): unknown => JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8")) as unknown;

/** What `npm run meta -- <line>` sends. */
function made(line: string): string[] {
  const [name = "", ...argv] = line.split(" ");
  const kind = KINDS.find((candidate) => candidate.name === name);
  const command = NOTIFY_COMMANDS.find((candidate) => candidate.name === name);
  if (kind === undefined || command === undefined) throw new Error(`no kind ${name}`);
  return compose(kind, readOptions(command.options, argv), DEFAULTS, NOW, seededRandom(7));
}

const files = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".json"))
  .map((file) => file.slice(0, -".json".length));

test("every sample body has a command that makes its kind", () => {
  expect(Object.keys(SAMPLES).sort()).toEqual(files.sort());
});

describe("what a command makes has the keys, types and units of the sample of that kind", () => {
  for (const [name, line] of Object.entries(SAMPLES)) {
    if (line === null) continue;
    test(`${name}: ${line}`, () => {
      const [body = ""] = made(line);
      expect(shapeOf(JSON.parse(body))).toEqual(shapeOf(sample(name)));
    });
  }
});

describe("what a command makes has the keys and types of a body from a report or capture", () => {
  const lines: Record<string, string> = {
    "reports/03-own-comment-username-only": "comment --own --author username-only --parent 1 --product-type FEED",
    "reports/03b-own-comment-other-id": "comment --own --author other-id --parent 1 --product-type FEED",
    "reports/04-page-own-comment-without-from": "feed --own --author without-from --parent 1 --bare",
    "captures/06-stranger-with-self-id": "comment --self-id",
  };
  for (const [name, line] of Object.entries(lines)) {
    test(`${name}: ${line}`, () => {
      const [body = ""] = made(line);
      expect(shapeOf(JSON.parse(body))).toEqual(shapeOf(sample(name)));
    });
  }

  test("reports/16-instant-reply-echo: echo --automatic, on both platforms", () => {
    const { entry } = sample("reports/16-instant-reply-echo") as { entry: { messaging: unknown[] }[] };
    for (const line of ["echo --automatic --text Thanks", "echo --automatic --page --text Thanks"]) {
      const [body = ""] = made(line);
      const sent = JSON.parse(body) as { entry: { messaging: unknown[] }[] };
      expect(shapeOf(sent.entry[0]?.messaging[0])).toEqual(shapeOf(entry[0]?.messaging[1]));
    }
  });

  test("a stranger's own scoped id is the stranger's, and an own comment's other id is not the account's", () => {
    const author = (line: string) =>
      (JSON.parse(made(line)[0] ?? "") as { entry: { id: string; changes: { value: { from: Author } }[] }[] }).entry[0];
    const stranger = author("comment --self-id")?.changes[0]?.value.from;
    expect(stranger?.self_ig_scoped_id).toBe(stranger?.id);
    const own = author("comment --own --author other-id");
    expect(own?.changes[0]?.value.from.id).not.toBe(own?.id);
  });
});

interface Author {
  id: string;
  self_ig_scoped_id?: string;
}

test("several comments of two accounts travel in one delivery, one entry an account", () => {
  const [both = ""] = made("comment --count 2 --batch 1000 --product-type REELS");
  const [one = ""] = made("comment --account 17841458813360927");
  const { object, entry } = sample("instagram.comments.batched") as { object: string; entry: unknown[] };
  expect(shapeOf(JSON.parse(both))).toEqual(shapeOf({ object, entry: entry.slice(0, 1) }));
  expect(shapeOf(JSON.parse(one))).toEqual(shapeOf({ object, entry: entry.slice(1) }));
});

test("a thousand updates fit one delivery, and the next one begins another", () => {
  expect(made("comment --count 1000 --batch 1000")).toHaveLength(1);
  expect(made("comment --count 1001 --batch 1000")).toHaveLength(2);
});

test("ids as bare numbers keep all their digits", () => {
  const [body = ""] = made("message --numeric-ids --person 9007199254740993123");
  expect(body).toContain('"id":9007199254740993123}');
});

test("a duplicate is the same bytes once more", () => {
  const [first, second, ...rest] = made("comment --duplicate");
  expect(second).toBe(first);
  expect(rest).toEqual([]);
});

test("shuffled deliveries are the same ones in another order", () => {
  const inOrder = made("comment --count 50 --seed 1");
  const shuffled = made("comment --count 50 --seed 1 --shuffle");
  expect(shuffled).not.toEqual(inOrder);
  expect([...shuffled].sort()).toEqual([...inOrder].sort());
});

test("every command says how it is used", () => {
  for (const { example, name } of KINDS) expect(example.split(" ")[0]).toBe(name);
});
