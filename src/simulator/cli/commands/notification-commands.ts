/** `npm run meta -- comment …`: one command for each kind of notification, and `send` for bodies from a file. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { seededRandom } from "../../notifications/meta-ids.ts";
import type { Random } from "../../notifications/meta-ids.ts";
import { KINDS } from "../../notifications/kinds/all-kinds.ts";
import { flag, option } from "../../notifications/kinds/notification-kind.ts";
import type { Given, Kind } from "../../notifications/kinds/notification-kind.ts";
import { escapeWire } from "../../notifications/wire-format.ts";
import { arrange, compose, COMPOSE_OPTIONS } from "../send/compose-deliveries.ts";
import type { Defaults } from "../send/compose-deliveries.ts";
import { UsageError } from "../command-options.ts";
import type { Command } from "../command-options.ts";
import { findSender, localVars } from "../send/find-sender.ts";
import type { Sender } from "../send/find-sender.ts";
import { sendAll, SENDING_OPTIONS } from "../send/send-deliveries.ts";
import { say } from "../terminal.ts";

/** Used where neither the options nor a running simulator name an account. */
const DEFAULTS: Defaults = {
  accountId: "17841460928374651",
  pageId: "104857392817465",
  appId: "1184729305561827",
  mediaId: "18054321970886143",
};

/** Each kind as a command. */
export const NOTIFY_COMMANDS: readonly Command[] = KINDS.map((kind) => ({
  name: kind.name,
  summary: kind.summary,
  examples: [kind.example, `${kind.example} --to https://example.com/webhooks --secret <app secret>`],
  options: { ...kind.options, ...COMPOSE_OPTIONS, ...SENDING_OPTIONS },
  run: (given) => runKind(kind, given),
}));

export const SEND_COMMAND: Command = {
  name: "send",
  takes: "[<file>]",
  summary: "a body from a file, in wire form and signed",
  examples: ["send --file body.json", "send --file body.json --raw --duplicate"],
  options: {
    file: option("the file; - reads what comes in"),
    raw: flag("the text as it is, not in wire form; it need not be JSON then"),
    duplicate: COMPOSE_OPTIONS.duplicate,
    ...SENDING_OPTIONS,
  },
  async run(given, positionals) {
    const [file, second] = [...given.list("file"), ...positionals];
    if (file === undefined) throw new UsageError("--file names the body");
    if (second !== undefined) throw new UsageError(`send takes one file, not also "${second}"`);
    const text = readBody(file);
    const body = given.flag("raw") ? text : escapeWire(compact(text, file));
    return sendAll(arrange([body], given, Math.random), given, file === "-" ? "standard input" : basename(file));
  },
};

function readBody(file: string): string {
  let bytes: Uint8Array;
  let text: string;
  try {
    bytes = readFileSync(file === "-" ? 0 : file);
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new UsageError(`there is no file ${file}`);
    if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") throw new UsageError(`${file} is not UTF-8`);
    throw new UsageError(`${file} cannot be read: ${message}`);
  }
  if (bytes.length === 0) throw new UsageError(`${file} is empty: Meta sends no empty bodies`);
  return text;
}

/** Meta puts no space between tokens. */
function compact(text: string, file: string): string {
  try {
    JSON.parse(text);
  } catch (error) {
    // Half a body is worth sending, but only by who wants to.
    throw new UsageError(`${file} is no JSON: ${(error as Error).message}`, `send --file ${file} --raw`);
  }
  // Outside of strings, white space means nothing; inside, it stays. No reading and writing again: digits would be lost.
  return text.replaceAll(/"(?:[^"\\]|\\.)*"|\s+/g, (token) => (token.startsWith('"') ? token : ""));
}

async function runKind(kind: Kind, given: Given): Promise<number> {
  const seed = given.whole("seed");
  const random: Random = seed === undefined ? Math.random : seededRandom(seed);
  // What is wrong with the options shows before anything is looked for, or sent.
  const bodies = compose(kind, given, DEFAULTS, Date.now(), given.flag("print") ? random : seededRandom(0));
  if (given.flag("print")) {
    for (const body of bodies) say(body);
    return 0;
  }
  const sender = await findSender(given);
  const defaults = await defaultsOf(sender);
  return sendAll(compose(kind, given, defaults, Date.now(), random), given, kind.name, sender);
}

/** What runs is asked first: its accounts are the ones that can be answered. */
async function defaultsOf({ simulator }: Sender): Promise<Defaults> {
  const accounts = simulator === null ? [] : (await simulator.status()).accounts;
  return {
    ...DEFAULTS,
    accountId: accounts.find(({ platform }) => platform === "instagram")?.id ?? DEFAULTS.accountId,
    pageId: accounts.find(({ platform }) => platform === "page")?.id ?? DEFAULTS.pageId,
    appId: localVars()["META_APP_ID"] ?? DEFAULTS.appId,
  };
}
