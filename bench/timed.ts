import { quantile } from "./load.ts";
import type { Row } from "./table.ts";

const ROUNDS = 60;

/** Sequential, so that only the request is measured. The first request is a warm-up and is not measured. */
export async function timed(what: string, targetMs: number, ask: () => Promise<unknown>): Promise<Row> {
  await ask();
  const latencies: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const startedAt = performance.now();
    await ask();
    latencies.push(performance.now() - startedAt);
  }
  const [p50, p95] = [quantile(latencies, 0.5), quantile(latencies, 0.95)];
  return {
    what,
    figure: `p50 ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms`,
    target: `under ${targetMs} ms`,
    reached: p95 < targetMs,
  };
}
