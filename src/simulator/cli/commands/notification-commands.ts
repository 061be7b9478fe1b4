/** `npm run meta -- comment …`: one command for each kind of notification, and `send` for bodies from a file. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { seededRandom, type Random } from "../../notifications/meta-ids.ts";
import { KINDS } from "../../notifications/kinds/all-kinds.ts";
import { flag, option, UsageError, type OptionValues, type Kind } from "../../notifications/kinds/notification-kind.ts";
import { escapeWire } from "../../notifications/wire-format.ts";
import { arrange, compose, COMPOSE_OPTIONS, type Defaults } from "../send/compose-deliveries.ts";
import type { CliCommand } from "../cli-command.ts";
import { findSender, localVars, type Sender } from "../send/find-sender.ts";
import { sendAll, SENDING_OPTIONS } from "../send/send-deliveries.ts";
import { say } from "../terminal.ts";

/** Used if neither the options nor a running simulator name an account. */
const DEFAULTS: Defaults = {
  accountId: "17841460928374651",
  pageId: "104857392817465",
  appId: "1184729305561827",
  mediaId: "18054321970886143",
};

/** One command for each kind of notification. */
export const NOTIFY_COMMANDS: readonly CliCommand[] = KINDS.map((kind) => ({
  name: kind.name,
  summary: kind.summary,
  examples: [kind.example, `${kind.example} --to https://example.com/webhooks --secret <app secret>`],
  options: { ...kind.options, ...COMPOSE_OPTIONS, ...SENDING_OPTIONS },
  run: (values) => runKind(kind, values),
}));

export const SEND_COMMAND: CliCommand = {
  name: "send",
  argument: "[file]",
  summary: "send a body from a file, signed and in Meta's wire format",
  examples: ["send --file body.json", "send --file body.json --raw --duplicate"],
  options: {
    file: option("the file; - reads standard input"),
    raw: flag("send the text unchanged; it need not be JSON"),
    duplicate: COMPOSE_OPTIONS.duplicate,
    ...SENDING_OPTIONS,
  },
  async run(values, argument) {
    const named = values.text("file");
    if (named !== undefined && argument !== "")
      throw new UsageError(`unexpected argument "${argument}"; send takes one file`);
    const file = named ?? argument;
    if (file === "") throw new UsageError("send needs a file: --file <path>, or --file - for standard input");
    const text = readBody(file);
    const body = values.flag("raw") ? text : escapeWire(compact(text, file));
    return sendAll(arrange([body], values, Math.random), values, file === "-" ? "standard input" : basename(file));
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
    if (code === "ENOENT") throw new UsageError(`file not found: ${file}`);
    if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") throw new UsageError(`${file} is not UTF-8`);
    throw new UsageError(`${file} cannot be read: ${message}`);
  }
  if (bytes.length === 0) throw new UsageError(`${file} is empty; Meta never sends an empty body`);
  return text;
}

/** Meta writes no white space between tokens. */
function compact(text: string, file: string): string {
  try {
    JSON.parse(text);
  } catch (error) {
    // A broken body is a useful test, but only on purpose.
    throw new UsageError(
      `${file} is not valid JSON: ${(error as Error).message}. To send it unchanged, add --raw.`,
      `send --file ${file} --raw`,
    );
  }
  // White space inside strings stays. Parsing and writing again would lose the digits of long numbers.
  return text.replaceAll(/"(?:[^"\\]|\\.)*"|\s+/g, (token) => (token.startsWith('"') ? token : ""));
}

async function runKind(kind: Kind, values: OptionValues): Promise<number> {
  const seed = values.whole("seed");
  const random: Random = seed === undefined ? Math.random : seededRandom(seed);
  // Errors in the options show before the simulator is looked up or anything is sent.
  const bodies = compose(kind, values, DEFAULTS, Date.now(), values.flag("print") ? random : seededRandom(0));
  if (values.flag("print")) {
    for (const body of bodies) say(body);
    return 0;
  }
  const sender = await findSender(values);
  const defaults = await defaultsOf(sender);
  return sendAll(compose(kind, values, defaults, Date.now(), random), values, kind.name, sender);
}

/** Prefers an account of the running simulator: the receiver can reply to that one. */
async function defaultsOf({ simulator }: Sender): Promise<Defaults> {
  const accounts = simulator === null ? [] : (await simulator.status()).accounts;
  return {
    ...DEFAULTS,
    accountId: accounts.find(({ platform }) => platform === "instagram")?.id ?? DEFAULTS.accountId,
    pageId: accounts.find(({ platform }) => platform === "page")?.id ?? DEFAULTS.pageId,
    appId: localVars()["META_APP_ID"] ?? DEFAULTS.appId,
  };
}
