/** Response times for Meta: the largest delivery, and many small concurrent ones, on the local stack. */
import { deliveries } from "./deliveries.ts";
import { load, median, quantile, type Measured } from "./load.ts";
import { SECRET, withStack } from "./stack.ts";
import type { Row } from "./table.ts";

const LARGE = { deliveries: 15, updates: 1_000, targetMs: 150 };
const SMALL = { requests: 2_000, warmUp: 400, concurrency: 64, rounds: 3, targetPercent: 90 };

/**
 * The local queue loses messages above 10,000 undelivered ones; a pause prevents that. It is shorter than the five
 * seconds after which wrangler's proxy closes idle connections: a request at that moment ends wrangler dev.
 */
const SETTLE_MS = 2_000;

export async function benchReceiver(port: number, progress: (text: string) => void): Promise<Row[]> {
  const large: number[] = [];
  const rates: { replyline: number[]; bare: number[] } = { replyline: [], bare: [] };
  let small: Measured | null = null;
  // Alternating, so that other load on the machine affects both.
  for (let round = 1; round <= SMALL.rounds; round++) {
    progress(`round ${round} of ${SMALL.rounds}: the receiver`);
    const measured = await withStack({ receiver: "wrangler.toml", port }, async (stack) => {
      const url = webhooks(stack);
      const latencies = round === 1 ? await largest(url) : [];
      return { latencies, small: await hammer(url, round) };
    });
    large.push(...measured.latencies);
    small = measured.small;
    rates.replyline.push(small.rate);
    progress(`round ${round} of ${SMALL.rounds}: the bare Worker`);
    const bare = await withStack({ receiver: "bench/bare/wrangler.toml", port }, (stack) =>
      hammer(webhooks(stack), round),
    );
    rates.bare.push(bare.rate);
  }
  const percent = (100 * median(rates.replyline)) / median(rates.bare);
  const p99 = small === null ? Number.NaN : quantile(small.latenciesMs, 0.99);
  return [
    {
      what: `delivery of 1000 updates, ${LARGE.deliveries} times`,
      figure: `${median(large).toFixed(0)} ms median, ${quantile(large, 1).toFixed(0)} ms worst`,
      target: `under ${LARGE.targetMs} ms median`,
      reached: median(large) < LARGE.targetMs,
    },
    {
      what: `single updates, ${SMALL.concurrency} concurrent`,
      figure: `${median(rates.replyline).toFixed(0)} /s, p99 ${p99.toFixed(0)} ms`,
      target: "",
      reached: null,
    },
    {
      what: "the same, a Worker that only verifies and enqueues",
      figure: `${median(rates.bare).toFixed(0)} /s`,
      target: "",
      reached: null,
    },
    {
      what: "the receiver's rate relative to that",
      figure: `${percent.toFixed(0)} %`,
      target: `at least ${SMALL.targetPercent} %`,
      reached: percent >= SMALL.targetPercent,
    },
  ];
}

/** The largest delivery that Meta sends, one after the other. */
async function largest(url: URL): Promise<number[]> {
  const latencies: number[] = [];
  for (const one of deliveries(LARGE.deliveries, LARGE.updates, SECRET, 1)) {
    latencies.push(...expectOk(await load(url, [one], 1)).latenciesMs);
    await sleep(500);
  }
  return latencies;
}

async function hammer(url: URL, round: number): Promise<Measured> {
  await load(url, deliveries(SMALL.warmUp, 1, SECRET, 1_000 + round), SMALL.concurrency);
  await sleep(SETTLE_MS);
  const measured = await load(url, deliveries(SMALL.requests, 1, SECRET, 2_000 + round), SMALL.concurrency);
  await sleep(SETTLE_MS);
  return expectOk(measured);
}

function expectOk(measured: Measured): Measured {
  const bad = [...measured.statuses].filter(([status]) => status !== 200);
  if (bad.length > 0) throw new Error(`responses other than 200: ${JSON.stringify(bad)}`);
  return measured;
}

const webhooks = (stack: string): URL => new URL("/webhooks", stack);

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
