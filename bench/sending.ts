/** The real send rate of one account, with a Graph API that takes 300 ms per response. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createHmac } from "node:crypto";
import { median } from "./load.ts";
import { ADMIN_TOKEN, SECRET, withStack } from "./stack.ts";
import type { Row } from "./table.ts";

const MESSAGES = 1_000;
const LATENCY_MS = 300;
const TARGET_PER_SECOND = 95;
const LIMIT_PER_SECOND = 100;
const ACCOUNT = "17841400000000001";
const DEFER_SECONDS = 5;
const PATIENCE_MS = 60_000;

export async function benchSending(port: number, progress: (text: string) => void): Promise<Row[]> {
  progress(`sending ${MESSAGES} messages of one account`);
  const arrivals: number[] = [];
  const graph = createServer((request, response) => {
    if (request.url?.includes("/messages") === true) arrivals.push(performance.now());
    request.resume();
    setTimeout(() => {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ recipient_id: "1", message_id: `mid.${arrivals.length}` }));
    }, LATENCY_MS);
  });
  await new Promise<void>((resolve) => {
    graph.listen(0, "127.0.0.1", resolve);
  });
  const graphUrl = `http://127.0.0.1:${(graph.address() as AddressInfo).port}`;
  try {
    await withStack({ receiver: "wrangler.toml", port, graphUrl }, async (url) => {
      await connect(url);
      await deliver(url);
      const deadline = performance.now() + PATIENCE_MS;
      while (arrivals.length < MESSAGES && performance.now() < deadline) await sleep(100);
    });
  } finally {
    graph.closeAllConnections();
    graph.close();
  }
  if (arrivals.length !== MESSAGES) throw new Error(`${arrivals.length} of ${MESSAGES} messages arrived`);
  const rate = (1_000 * (MESSAGES - 1)) / ((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0));
  const busiest = mostWithin(arrivals, 1_000);
  return [
    {
      what: `one account, ${MESSAGES} messages, Graph at ${LATENCY_MS} ms`,
      figure: `${rate.toFixed(0)} /s, median gap ${median(gaps(arrivals)).toFixed(0)} ms`,
      target: `at least ${TARGET_PER_SECOND} /s`,
      reached: rate >= TARGET_PER_SECOND,
    },
    {
      what: "the busiest second of that, as Meta sees it",
      figure: `${busiest} calls`,
      target: `about ${LIMIT_PER_SECOND}`,
      reached: null,
    },
  ];
}

async function connect(url: string): Promise<void> {
  const automation = {
    id: "hello",
    name: "Hello",
    enabled: true,
    trigger: { on: "message", keywords: [], match: "any", mediaIds: [] },
    actions: { message: { text: "Hello" } },
    deferSeconds: DEFER_SECONDS,
  };
  await api(url, `/accounts/${ACCOUNT}`, { platform: "instagram", login: "instagram", accessToken: "bench-token" });
  await api(url, `/accounts/${ACCOUNT}/automations`, { items: [automation] });
}

async function api(url: string, path: string, body: unknown): Promise<void> {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" };
  const response = await fetch(`${url}/api${path}`, { method: "PUT", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`PUT ${path}: ${response.status} ${await response.text()}`);
}

/** One delivery with a message from each of a thousand people. */
async function deliver(url: string): Promise<void> {
  const now = Date.now();
  const entry = Array.from({ length: MESSAGES }, (_, index) => ({
    id: ACCOUNT,
    time: now,
    messaging: [
      {
        sender: { id: `20000000000${index}` },
        recipient: { id: ACCOUNT },
        timestamp: now,
        message: { mid: `mid.in.${index}`, text: "hi" },
      },
    ],
  }));
  const body = JSON.stringify({ object: "instagram", entry });
  const signature = createHmac("sha256", SECRET).update(body).digest("hex");
  const headers = { "content-type": "application/json", "x-hub-signature-256": `sha256=${signature}` };
  const response = await fetch(`${url}/webhooks`, { method: "POST", headers, body });
  if (response.status !== 200) throw new Error(`the delivery returned ${response.status}`);
}

function mostWithin(times: readonly number[], windowMs: number): number {
  let first = 0;
  return Math.max(
    ...times.map((time, index) => {
      while ((times[first] ?? 0) <= time - windowMs) first++;
      return index - first + 1;
    }),
  );
}

const gaps = (times: readonly number[]): number[] => times.slice(1).map((time, index) => time - (times[index] ?? 0));

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
