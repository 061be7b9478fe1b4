/**
 * Workers KV: no order, no compare-and-set. Each location caches what it has read for a minute, also missing keys. A
 * write takes equally long to be visible in other locations.
 * https://developers.cloudflare.com/kv/concepts/how-kv-works/
 */
import type { Process } from "../process.ts";
import type { Prng } from "../prng.ts";
import type { Sim } from "../sim.ts";

const CACHE_MS = 60_000;
/** One write per second for each key. https://developers.cloudflare.com/kv/platform/limits/ */
const WRITE_EVERY_MS = 1_000;

interface Written {
  value: string;
  by: string;
  at: number;
  /** When it becomes visible in other locations. */
  everywhereAt: number;
  expiresAt: number;
}

export const LOCATIONS = ["ams", "iad"] as const;

export class KeyValueStore {
  readonly #sim: Sim;
  readonly #prng: Prng;
  readonly #written = new Map<string, Written>();
  readonly #cached = new Map<string, { value: string | null; until: number }>();

  constructor(sim: Sim) {
    this.#sim = sim;
    this.#prng = sim.prng.fork("kv");
  }

  get(process: Process, location: string, keys: readonly string[]): Promise<Map<string, string | null>> {
    return process.wait((settlement) => {
      const { nemesis, scheduler } = this.#sim;
      const fault = nemesis.pick("kv.get", ["kv_read_failed", "kv_read_slow"]);
      const ms = fault === "kv_read_slow" ? this.#prng.between(300, 5_000) : this.#prng.latency(12);
      scheduler.after(ms, () => {
        if (fault === "kv_read_failed") settlement.fail(new Error("KV GET failed: 500"));
        else settlement.ok(new Map(keys.map((key) => [key, this.#read(location, key)])));
      });
    });
  }

  put(process: Process, location: string, key: string, value: string, ttlSeconds: number): Promise<void> {
    return process.wait((settlement) => {
      const { nemesis, scheduler } = this.#sim;
      const fault = nemesis.pick("kv.put", ["kv_write_failed"]);
      scheduler.after(this.#prng.latency(40), () => {
        const now = scheduler.now;
        const before = this.#written.get(key);
        if (fault !== null || (before !== undefined && now - before.at < WRITE_EVERY_MS)) {
          settlement.fail(new Error("KV PUT failed: 429"));
          return;
        }
        this.#written.set(key, {
          value,
          by: location,
          at: now,
          everywhereAt: now + this.#prng.between(0, CACHE_MS),
          expiresAt: now + ttlSeconds * 1_000,
        });
        this.#cached.delete(`${location} ${key}`);
        settlement.ok();
      });
    });
  }

  #read(location: string, key: string): string | null {
    const now = this.#sim.scheduler.now;
    const cached = this.#cached.get(`${location} ${key}`);
    const written = this.#written.get(key);
    if (cached !== undefined && now < cached.until) {
      if (cached.value === null && written !== undefined) this.#sim.tally.sometimes("kv_stale_miss");
      if (cached.value !== null) this.#sim.tally.sometimes("kv_hit");
      return cached.value;
    }
    const seen =
      written !== undefined && now < written.expiresAt && (written.by === location || now >= written.everywhereAt);
    const value = seen ? written.value : null;
    if (value === null && written !== undefined) this.#sim.tally.sometimes("kv_stale_miss");
    if (value !== null) this.#sim.tally.sometimes("kv_hit");
    this.#cached.set(`${location} ${key}`, { value, until: now + CACHE_MS });
    return value;
  }
}
