/** `npm run meta -- comment …`: one command for each kind of notification, and `send` for bodies from a file. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { ShownDelivery } from "../../control/deliveries.ts";
import { succeeded } from "../../delivery/attempt.ts";
import { seededRandom } from "../../notifications/ids.ts";
import type { Random } from "../../notifications/ids.ts";
import { KINDS } from "../../notifications/kinds/all.ts";
import { flag, option, OptionError } from "../../notifications/kinds/kind.ts";
import type { Given, Kind } from "../../notifications/kinds/kind.ts";
import { escapeWire } from "../../notifications/wire.ts";
import { arrange, compose, COMPOSE_OPTIONS } from "../compose.ts";
import type { Defaults } from "../compose.ts";
import { UsageError } from "../command.ts";
import type { Command } from "../command.ts";
import { findSender, localVars, SENDER_OPTIONS } from "../sender.ts";
import type { Sender } from "../sender.ts";
import { bold, count as counted, dim, duration, green, liveLine, padEnd, red, say, yellow } from "../terminal.ts";

const SENDING_OPTIONS = {
  ...SENDER_OPTIONS,
  rate: option("deliveries a second (default: as fast as they are taken)"),
  print: flag("write the bodies to the screen instead of sending them"),
};

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
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(file === "-" ? 0 : file));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new UsageError(`there is no file ${file}`);
    if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") throw new UsageError(`${file} is not UTF-8`);
    throw new UsageError(`${file} cannot be read: ${message}`);
  }
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

/** Up to here each delivery gets a line of its own. */
const LISTED = 20;
/** Sent together where no rate is asked for. */
const CHUNK = 16;

async function sendAll(bodies: readonly string[], given: Given, label: string, found?: Sender): Promise<number> {
  if (given.flag("print")) {
    for (const body of bodies) say(body);
    return 0;
  }
  const sender = found ?? (await findSender(given));
  const rate = rateOf(given);
  const options = { label, ...(sender.secret === undefined ? {} : { secret: sender.secret }) };
  say(dim(`to ${sender.target}`));
  const line = liveLine();
  const done: ShownDelivery[] = [];
  const startedAt = Date.now();
  const size = rate === null ? CHUNK : 1;
  try {
    for (let start = 0; start < bodies.length; start += size) {
      if (rate !== null) await sleepUntil(startedAt + (start * 1000) / rate);
      done.push(...(await sender.deliver(bodies.slice(start, start + size), options)));
      if (bodies.length > LISTED) line.show(`${done.length} of ${bodies.length} deliveries`);
    }
    if (bodies.length > LISTED) line.done();
    else for (const delivery of done) say(describe(delivery));
    const [{ secret } = { secret: "" }] = done;
    if (sender.secrets !== null && given.text("secret") !== undefined && !sender.secrets.includes(secret))
      say(yellow("signed with a secret that the simulator does not have: a forgery"));
    const final = given.flag("retry") ? await follow(sender, done) : done;
    return summary(final, Date.now() - startedAt, sender, given);
  } finally {
    sender.close();
  }
}

function rateOf(given: Given): number | null {
  const text = given.text("rate");
  if (text === undefined) return null;
  const rate = Number(text);
  if (!(rate > 0)) throw new OptionError(`--rate must be a number of deliveries a second, not "${text}"`);
  return rate;
}

const sleepUntil = (at: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, at - Date.now())));

/** One line of a delivery and its newest attempt. */
export function describe(delivery: ShownDelivery): string {
  const attempt = delivery.attempts.at(-1);
  const mark = delivery.state === "delivered" ? green("✓") : attempt === undefined ? dim("·") : red("✗");
  const what = `${delivery.label}, ${counted(delivery.updates, "update")}, ${counted(delivery.bytes, "byte")}`;
  const answer =
    attempt === undefined
      ? delivery.state === "not_sent"
        ? "not sent: webhooks are off for this account"
        : "waits"
      : `${attempt.status ?? attempt.problem} in ${duration(attempt.durationMs)}${answerText(attempt.answer)}`;
  const tries = delivery.attempts.length > 1 ? dim(`, attempt ${delivery.attempts.length}`) : "";
  return `${mark} ${padEnd(what, 44)} ${answer}${tries}`;
}

const answerText = (answer: unknown): string =>
  answer === null || answer === undefined ? "" : ` ${dim(JSON.stringify(answer))}`;

/** Stays until every delivery is over, and shows each attempt. */
async function follow(sender: Sender, deliveries: readonly ShownDelivery[]): Promise<ShownDelivery[]> {
  const seen = new Map(deliveries.map(({ id, attempts }) => [id, attempts.length]));
  let current = [...deliveries];
  while (current.some(({ state }) => state === "waiting")) {
    await sleepUntil(Date.now() + 250);
    current = await sender.look(current.map(({ id }) => id));
    for (const delivery of current) {
      if (delivery.attempts.length === (seen.get(delivery.id) ?? 0)) continue;
      seen.set(delivery.id, delivery.attempts.length);
      say(describe(delivery));
    }
  }
  return current;
}

function summary(deliveries: readonly ShownDelivery[], tookMs: number, sender: Sender, given: Given): number {
  const delivered = deliveries.filter(({ state }) => state === "delivered");
  const updates = delivered.reduce((sum, delivery) => sum + delivery.updates, 0);
  const times = deliveries
    .map(({ attempts }) => attempts[0])
    .filter((attempt) => attempt !== undefined && succeeded(attempt))
    .map((attempt) => attempt?.durationMs ?? 0)
    .sort((left, right) => left - right);
  if (deliveries.length > 1) {
    const median = times[Math.floor(times.length / 2)] ?? 0;
    const slowest = times.at(-1) ?? 0;
    say(
      `${bold(counted(delivered.length, "delivery", "deliveries"))} with ${counted(updates, "update")} in ${duration(tookMs)}` +
        dim(` (answered in ${duration(median)} at the median, ${duration(slowest)} at most)`),
    );
  }
  const open = deliveries.filter(({ state }) => state !== "delivered");
  if (open.length === 0) return 0;
  say(red(`${counted(open.length, "delivery", "deliveries")} not taken`) + dim(whatNow(open, sender, given)));
  return 1;
}

function whatNow(open: readonly ShownDelivery[], { simulator }: Sender, given: Given): string {
  if (open.some(({ state }) => state === "not_sent")) return "; `subscribe <account id>` switches webhooks on again";
  if (simulator !== null) return "; `log` shows the attempts that follow";
  return given.flag("retry") ? "" : "; --retry tries again as Meta does";
}
