/** Sends bodies at the requested rate, and shows the receiver's response to each. */
import type { ShownDelivery } from "../../control/control-deliveries.ts";
import { inParallel, PARALLEL } from "../../delivery/webhook-dispatcher.ts";
import { succeeded } from "../../delivery/delivery-attempt.ts";
import { flag, option, type OptionValues } from "../../notifications/kinds/notification-kind.ts";
import { findSender, SENDER_OPTIONS, type Sender } from "./find-sender.ts";
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
  rate: option("deliveries per second (default: as fast as the receiver responds)"),
  print: flag("print the bodies instead of sending them"),
};

/** Up to this many deliveries, each has its own line. */
const LISTED = 20;
/** Sent together if there is no --rate. */
const CHUNK = 16;

/** Sends bodies and shows the response to each. @returns the exit status: 0 if the receiver accepted all of them */
export async function sendAll(
  bodies: readonly string[],
  values: OptionValues,
  label: string,
  found?: Sender,
): Promise<number> {
  if (values.flag("print")) {
    for (const body of bodies) say(body);
    return 0;
  }
  const sender = found ?? (await findSender(values));
  const rate = values.positive("rate");
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
    if (rate !== undefined) {
      for (const [index, body] of bodies.entries()) {
        await sleepUntil(startedAt + (index * 1000) / rate);
        await deliver([body]);
      }
    } else if (bodies.length <= LISTED) await inParallel(bodies, PARALLEL, (body) => deliver([body]));
    else for (let start = 0; start < bodies.length; start += CHUNK) await deliver(bodies.slice(start, start + CHUNK));
    progress.over();
    const [{ secret } = { secret: "" }] = done;
    if (sender.secrets !== null && values.text("secret") !== undefined && !sender.secrets.includes(secret))
      say(yellow("Forgery: signed with a secret that the simulator does not have."));
    const final = values.flag("retry") ? await follow(sender, done) : done;
    return summary(final, Date.now() - startedAt, sender, values);
  } finally {
    progress.over();
    sender.close();
  }
}

/** A line for each finished delivery, or one line that counts, and a line while a response is pending. */
function progressOf(total: number): {
  begun: () => void;
  ended: (delivery: ShownDelivery, done: number) => void;
  over: () => void;
} {
  const line = liveLine();
  let open = 0;
  // Between two deliveries at a slow rate there is nothing to wait for.
  const waiting = showWhileWaiting(line, "waiting for a response", () => open > 0);
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

const sleepUntil = (at: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, at - Date.now())));

/** One line for each attempt after the first `known`. */
export const describeSince = (delivery: ShownDelivery, known: number): string[] =>
  delivery.attempts.slice(known).map((_attempt, index) => {
    const attempts = delivery.attempts.slice(0, known + index + 1);
    // Before its newest attempt, the delivery was waiting.
    return describe(
      attempts.length === delivery.attempts.length ? delivery : { ...delivery, attempts, state: "waiting" },
    );
  });

/** One line about a delivery and its newest attempt. */
export function describe(delivery: ShownDelivery): string {
  const attempt = delivery.attempts.at(-1);
  const mark = delivery.state === "delivered" ? green("✓") : attempt === undefined ? dim("·") : red("✗");
  const what = `${plain(delivery.label)}, ${counted(delivery.updates, "update")}, ${counted(delivery.bytes, "byte")}`;
  const response =
    attempt === undefined
      ? delivery.state === "not_sent"
        ? "not sent: webhooks are off for this account"
        : "waiting"
      : `${attempt.status ?? attempt.problem} in ${duration(attempt.durationMs)}${responseText(attempt.answer)}`;
  const tries = delivery.attempts.length > 1 ? dim(`, attempt ${delivery.attempts.length}`) : "";
  const end = delivery.state === "given_up" && !delivery.once ? dim(", given up") : "";
  return `${mark} ${padEnd(what, 44)} ${response}${tries}${end}`;
}

/** Longer responses are cut. */
const RESPONSE_COLUMNS = 60;

function responseText(body: unknown): string {
  if (body === null || body === undefined) return "";
  const text = plain(JSON.stringify(body));
  return ` ${dim(text.length > RESPONSE_COLUMNS ? `${text.slice(0, RESPONSE_COLUMNS)}…` : text)}`;
}

const SOON_MS = 1000;

/** Waits until every delivery is finished, and shows each attempt. */
async function follow(sender: Sender, deliveries: readonly ShownDelivery[]): Promise<ShownDelivery[]> {
  const seen = new Map(deliveries.map(({ id, attempts }) => [id, attempts.length]));
  let current = [...deliveries];
  const live = liveLine();
  while (current.some(({ state }) => state === "waiting")) {
    const next = Math.min(...current.map(({ nextAttemptAt }) => nextAttemptAt ?? Number.POSITIVE_INFINITY));
    const inMs = next - Date.now();
    // A short wait needs no line.
    if (inMs > SOON_MS && inMs < Number.POSITIVE_INFINITY) live.show(dim(`next attempt in ${duration(inMs)}`));
    await sleepUntil(Date.now() + 250);
    current = await sender.refresh(current.map(({ id }) => id));
    for (const delivery of current) {
      for (const line of describeSince(delivery, seen.get(delivery.id) ?? 0)) live.done(line);
      seen.set(delivery.id, delivery.attempts.length);
    }
  }
  live.done();
  return current;
}

function summary(deliveries: readonly ShownDelivery[], tookMs: number, sender: Sender, values: OptionValues): number {
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
    const responseTimes = ` (response time: median ${duration(median)}, slowest ${duration(slowest)})`;
    say(
      `${bold(counted(delivered.length, "delivery", "deliveries"))} with ${counted(updates, "update")} in ${duration(tookMs)}` +
        (times.length === 0 ? "" : dim(responseTimes)),
    );
  }
  const open = deliveries.filter(({ state }) => state !== "delivered");
  if (open.length === 0) return 0;
  say(red(`${counted(open.length, "delivery", "deliveries")} not accepted`) + dim(nextStep(open, sender, values)));
  return 1;
}

function nextStep(open: readonly ShownDelivery[], { simulator }: Sender, values: OptionValues): string {
  if (open.some(({ state }) => state === "not_sent")) return "; turn webhooks on again with `subscribe <account-id>`";
  if (simulator !== null) return "; see the retries with `log`";
  return values.flag("retry") ? "" : "; add --retry to retry as Meta does";
}
