import { DurableObject } from "cloudflare:workers";
import { handleRequest } from "./http/request-router.ts";
import { CREATE_RECORDS, READ_RECORDS, REMOVE_RECORD, WRITE_RECORD, type StoredRecord } from "./state-table.ts";
import { Simulator } from "./simulator.ts";

/** The simulator's bindings, as src/simulator/wrangler.toml declares them. */
export interface SimulatorEnv {
  META: DurableObjectNamespace<Meta>;
  /** The Worker behind the simulator. It receives every request that is not for Meta. */
  NEXT: Fetcher;
  META_APP_SECRETS: string;
  META_VERIFY_TOKEN: string;
  META_APP_ID: string;
  INSTAGRAM_APP_ID: string;
}

/** The one object that simulates Meta. Its state lives in memory and is written through to SQLite, record by record. */
export class Meta extends DurableObject<SimulatorEnv> {
  readonly #simulator: Simulator;

  constructor(ctx: DurableObjectState, env: SimulatorEnv) {
    super(ctx, env);
    const { storage } = ctx;
    storage.sql.exec(CREATE_RECORDS);
    this.#simulator = new Simulator(
      {
        now: () => Date.now(),
        random: () => Math.random(),
        fetch: (url, init) => fetch(url, init),
        sleep: (ms) => scheduler.wait(ms),
        wakeAt: (at) => {
          ctx.waitUntil(at === null ? storage.deleteAlarm() : storage.setAlarm(at));
        },
        persist: (collection, id, value) => {
          if (value === null) storage.sql.exec(REMOVE_RECORD, collection, id);
          else storage.sql.exec(WRITE_RECORD, collection, id, JSON.stringify(value));
        },
      },
      {
        appId: env.META_APP_ID,
        instagramAppId: env.INSTAGRAM_APP_ID,
        appSecrets: env.META_APP_SECRETS,
        verifyToken: env.META_VERIFY_TOKEN,
      },
    );
    for (const row of storage.sql.exec<StoredRecord & Record<string, SqlStorageValue>>(READ_RECORDS)) {
      this.#simulator.restore(row.collection, row.id, JSON.parse(row.value) as object);
    }
    this.#simulator.resume();
  }

  override fetch(request: Request): Promise<Response> {
    return handleRequest(this.#simulator, request);
  }

  /** Attempts continue after the handler returns, so that a slow receiver does not delay the next alarm. */
  override alarm(): void {
    this.ctx.waitUntil(this.#simulator.wake());
  }
}
