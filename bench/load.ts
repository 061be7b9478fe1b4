/** A bounded load on loopback: a fixed number of requests over a fixed number of kept-alive connections. */
import { Agent, request } from "node:http";

export interface Prepared {
  body: Buffer;
  headers: Record<string, string>;
}

export interface Measured {
  /** ms per request, in order of completion. */
  latenciesMs: number[];
  /** Requests per second over the whole run. */
  rate: number;
  /** Number of responses by status. */
  statuses: Map<number, number>;
}

/** Sends every prepared request once, `concurrency` at a time. */
export async function load(url: URL, prepared: readonly Prepared[], concurrency: number): Promise<Measured> {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const latenciesMs: number[] = [];
  const statuses = new Map<number, number>();
  let next = 0;
  const sender = async (): Promise<void> => {
    for (let one = prepared[next++]; one !== undefined; one = prepared[next++]) {
      const startedAt = performance.now();
      const status = await post(agent, url, one);
      latenciesMs.push(performance.now() - startedAt);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: concurrency }, sender));
  const seconds = (performance.now() - startedAt) / 1_000;
  agent.destroy();
  return { latenciesMs, rate: prepared.length / seconds, statuses };
}

function post(agent: Agent, url: URL, { body, headers }: Prepared): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { agent, method: "POST", headers: { ...headers, "content-length": body.length } });
    outgoing.once("error", reject);
    outgoing.once("response", (response) => {
      response.once("end", () => resolve(response.statusCode ?? 0)).resume();
    });
    outgoing.end(body);
  });
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);
