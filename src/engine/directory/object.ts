/** The Directory as a Durable Object: wiring only. Its logic is in directory.ts. */
import { DurableObject } from "cloudflare:workers";
import { unpack } from "../consumer/unpack.ts";
import type { EngineEnv } from "../env.ts";
import { durableSql } from "../storage/durable-sql.ts";
import { type DirectoryRpc, exposeCore } from "../object-rpc.ts";
import { DirectoryCore } from "./directory.ts";

// `exposeCore`, in the static block, gives the class every method that this says it has.
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging
export interface Directory extends DirectoryRpc {}

// oxlint-disable-next-line typescript/no-unsafe-declaration-merging
export class Directory extends DurableObject<EngineEnv> {
  readonly #core: DirectoryCore;

  constructor(ctx: DurableObjectState, env: EngineEnv) {
    super(ctx, env);
    this.#core = new DirectoryCore({
      sql: durableSql(ctx.storage),
      now: () => Date.now(),
      setStop: (accountId, stop) => env.ACCOUNTS.getByName(accountId).setStop(accountId, stop),
      background: (work) => ctx.waitUntil(work),
      unpack: (queued) => unpack(queued, env.KV),
      ingest: (accountId, events) => env.ACCOUNTS.getByName(accountId).ingest(accountId, events),
    });
  }

  static {
    exposeCore(Directory, DirectoryCore, (directory) => directory.#core);
  }
}
