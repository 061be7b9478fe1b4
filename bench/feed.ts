/** An account with ten thousand events: measures the first page of its feed, with and without the console's page. */
import { deliveries } from "./deliveries.ts";
import { load } from "./load.ts";
import { ADMIN_TOKEN, SECRET, withStack } from "./stack.ts";
import type { Row } from "./table.ts";
import { timed } from "./timed.ts";

const EVENTS = 10_000;
const A_DELIVERY = 1_000;
const TARGET_MS = 200;
/** The request of the console's script (src/console/client/feed.ts). */
const ROWS = 100;
const PATIENCE_MS = 120_000;
/** The local queue breaks when ten thousand messages wait in it at once (cloudflare/workers-sdk#15676). */
const MOST_WAITING = 3_000;

export function benchFeed(port: number, progress: (text: string) => void): Promise<Row[]> {
  progress(`${EVENTS} events in one account`);
  return withStack({ receiver: "wrangler.toml", port }, async (url) => {
    const all = deliveries(EVENTS / A_DELIVERY, A_DELIVERY, SECRET, 7, 1);
    const accountId = all[0]?.headers["x-bench-account"] ?? "";
    for (const [index, one] of all.entries()) {
      const { statuses } = await load(new URL(`${url}/webhooks`), [one], 1);
      if (statuses.get(200) !== 1) throw new Error("a delivery did not get a 200");
      await until(async () => (await kept(url, accountId)) >= (index + 1) * A_DELIVERY - MOST_WAITING);
    }
    await until(async () => (await kept(url, accountId)) === EVENTS);
    const named = `${EVENTS.toLocaleString("en-US")} events in an account`;
    const feed = `/api/accounts/${accountId}/feed?limit=${ROWS}`;
    return [
      await timed(`${named}: first page of the feed`, TARGET_MS, () => get(url, feed)),
      await timed(`${named}: the console's page and the feed`, TARGET_MS, async () => {
        await get(url, `/console/accounts/${accountId}`);
        await get(url, feed);
      }),
    ];
  });
}

/** An account exists from its first event on. */
async function kept(url: string, accountId: string): Promise<number> {
  const response = await ask(url, `/api/accounts/${accountId}`);
  const text = await response.text();
  return response.status === 404 ? 0 : (JSON.parse(text) as { state: { events: number } }).state.events;
}

const ask = (url: string, path: string): Promise<Response> =>
  fetch(url + path, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` }, redirect: "manual" });

async function get(url: string, path: string): Promise<string> {
  const response = await ask(url, path);
  if (response.status !== 200) throw new Error(`${path} returned ${response.status}`);
  return response.text();
}

async function until(done: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await done())) {
    if (performance.now() > deadline) throw new Error("the events did not arrive");
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
