/** Sends bodies at the rate that was asked for, and shows what the receiver made of each. */
import type { ShownDelivery } from "../../control/control-deliveries.ts";
import { succeeded } from "../../delivery/delivery-attempt.ts";
import { flag, option, OptionError } from "../../notifications/kinds/notification-kind.ts";
import type { Given } from "../../notifications/kinds/notification-kind.ts";
import { findSender, SENDER_OPTIONS } from "./find-sender.ts";
import type { Sender } from "./find-sender.ts";
import {
  bold,
  count as counted,
  dim,
  duration,
  green,
  liveLine,
  padEnd,
  plain,
  red,
  say,
  showWhileWaiting,
  yellow,
} from "../terminal.ts";

export const SENDING_OPTIONS = {
  ...SENDER_OPTIONS,
  rate: option("deliveries a second (default: as fast as they are taken)"),
  print: flag("write the bodies to the screen instead of sending them"),
};

/** Up to here each delivery gets a line of its own. */
const LISTED = 20;
/** Sent together where no rate is asked for. */
const CHUNK = 16;
const PARALLEL = 8;

/** Sends bodies, shows what became of each, and gives the exit status: 0 when all were taken. */
export async function sendAll(bodies: readonly string[], given: Given, label: string, found?: Sender): Promise<number> {
  if (given.flag("print")) {
    for (const body of bodies) say(body);
    return 0;
  }
  const sender = found ?? (await findSender(given));
  const rate = rateOf(given);
  const options = { label, ...(sender.secret === undefined ? {} : { secret: sender.secret }) };
  say(dim(`to ${sender.target}`));
  const startedAt = Date.now();
  const progress = progressOf(bodies.length);
  const done: ShownDelivery[] = [];
  const deliver = async (some: readonly string[]): Promise<void> => {
    progress.begun();
    for (const delivery of await sender.deliver(some, options)) {
      done.push(delivery);
      progress.ended(delivery, done.length);
    }
  };
  try {
    if (rate !== null) {
      for (const [index, body] of bodies.entries()) {
        await sleepUntil(startedAt + (index * 1000) / rate);
        await deliver([body]);
      }
    } else if (bodies.length <= LISTED) await together(bodies, (body) => deliver([body]));
    else for (let start = 0; start < bodies.length; start += CHUNK) await deliver(bodies.slice(start, start + CHUNK));
    progress.over();
    const [{ secret } = { secret: "" }] = done;
    if (sender.secrets !== null && given.text("secret") !== undefined && !sender.secrets.includes(secret))
      say(yellow("signed with a secret that the simulator does not have: a forgery"));
    const final = given.flag("retry") ? await follow(sender, done) : done;
    return summary(final, Date.now() - startedAt, sender, given);
  } finally {
    progress.over();
    sender.close();
  }
}

/** A line for each delivery as it ends, or one that counts; and one that shows that an answer is waited for. */
function progressOf(total: number): {
  begun: () => void;
  ended: (delivery: ShownDelivery, done: number) => void;
  over: () => void;
} {
  const line = liveLine();
  let open = 0;
  // Between two deliveries of a slow rate nothing is waited for.
  const waiting = showWhileWaiting(line, "waiting for an answer", () => open > 0);
  return {
    begun() {
      if (open === 0) waiting.again();
      open += 1;
    },
    ended(delivery, done) {
      open = Math.max(0, open - 1);
      waiting.again();
      if (total <= LISTED) line.done(describe(delivery));
      else line.show(`${done} of ${total} deliveries`);
    },
    over() {
      waiting.end();
      line.done();
    },
  };
}

/** As many at the same time as the simulator itself tries. */
async function together<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await act(item);
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, items.length) }, worker));
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

/** A line for each attempt after the first `known`. */
export const describeSince = (delivery: ShownDelivery, known: number): string[] =>
  delivery.attempts.slice(known).map((_attempt, index) => {
    const attempts = delivery.attempts.slice(0, known + index + 1);
    // Before its newest attempt, it waited for the next.
    return describe(
      attempts.length === delivery.attempts.length ? delivery : { ...delivery, attempts, state: "waiting" },
    );
  });

/** One line of a delivery and its newest attempt. */
export function describe(delivery: ShownDelivery): string {
  const attempt = delivery.attempts.at(-1);
  const mark = delivery.state === "delivered" ? green("✓") : attempt === undefined ? dim("·") : red("✗");
  const what = `${plain(delivery.label)}, ${counted(delivery.updates, "update")}, ${counted(delivery.bytes, "byte")}`;
  const answer =
    attempt === undefined
      ? delivery.state === "not_sent"
        ? "not sent: webhooks are off for this account"
        : "waits"
      : `${attempt.status ?? attempt.problem} in ${duration(attempt.durationMs)}${answerText(attempt.answer)}`;
  const tries = delivery.attempts.length > 1 ? dim(`, attempt ${delivery.attempts.length}`) : "";
  const end = delivery.state === "given_up" && !delivery.once ? dim(", given up") : "";
  return `${mark} ${padEnd(what, 44)} ${answer}${tries}${end}`;
}

/** Of an answer, so much is shown. */
const ANSWER_COLUMNS = 60;

function answerText(answer: unknown): string {
  if (answer === null || answer === undefined) return "";
  const text = plain(JSON.stringify(answer));
  return ` ${dim(text.length > ANSWER_COLUMNS ? `${text.slice(0, ANSWER_COLUMNS)}…` : text)}`;
}

const SOON_MS = 1000;

/** Stays until every delivery is over, and shows each attempt. */
async function follow(sender: Sender, deliveries: readonly ShownDelivery[]): Promise<ShownDelivery[]> {
  const seen = new Map(deliveries.map(({ id, attempts }) => [id, attempts.length]));
  let current = [...deliveries];
  const live = liveLine();
  while (current.some(({ state }) => state === "waiting")) {
    const next = Math.min(...current.map(({ nextAttemptAt }) => nextAttemptAt ?? Number.POSITIVE_INFINITY));
    const inMs = next - Date.now();
    // Soon enough not to be wondered about.
    if (inMs > SOON_MS && inMs < Number.POSITIVE_INFINITY) live.show(dim(`the next attempt is in ${duration(inMs)}`));
    await sleepUntil(Date.now() + 250);
    current = await sender.look(current.map(({ id }) => id));
    for (const delivery of current) {
      for (const line of describeSince(delivery, seen.get(delivery.id) ?? 0)) live.done(line);
      seen.set(delivery.id, delivery.attempts.length);
    }
  }
  live.done();
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
    const answered = ` (answered in ${duration(median)} at the median, ${duration(slowest)} at most)`;
    say(
      `${bold(counted(delivered.length, "delivery", "deliveries"))} with ${counted(updates, "update")} in ${duration(tookMs)}` +
        (times.length === 0 ? "" : dim(answered)),
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
