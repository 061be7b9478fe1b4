/** The Account as a Durable Object: wiring only. Its logic is in account.ts. */
import { DurableObject } from "cloudflare:workers";
import { readAccountConfig } from "../config.ts";
import { DIRECTORY_NAME } from "../objects.ts";
import type { EngineEnv } from "../env.ts";
import { LiveFeed } from "../console/live-feed.ts";
import { log } from "../log.ts";
import { durableSql } from "../storage/durable-sql.ts";
import { AccountCore } from "./account.ts";
import { type AccountRpc, exposeCore } from "../object-rpc.ts";
import { createTokenEncryption } from "./connection/token-encryption.ts";

// `exposeCore`, in the static block, gives the class every method that this says it has.
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging
export interface Account extends Omit<AccountRpc, "alarm"> {}

// oxlint-disable-next-line typescript/no-unsafe-declaration-merging
export class Account extends DurableObject<EngineEnv> {
  readonly #core: AccountCore;
  readonly #live: LiveFeed;

  constructor(ctx: DurableObjectState, env: EngineEnv) {
    super(ctx, env);
    const config = readAccountConfig(env);
    if (!config.ok) throw new Error(config.error.map((problem) => problem.message).join(" "));
    const { tokenEncryptionKeys, replyDeferSeconds, metaAppId, instagramAppId } = config.value;
    const { storage } = ctx;
    // A new stub for each call: a stub that failed once keeps failing.
    const directory = () => env.DIRECTORY.getByName(DIRECTORY_NAME);
    this.#live = new LiveFeed(ctx, {
      read: (eventIds, replyIds) => this.#core.shown(eventIds, replyIds),
      now: () => Date.now(),
      later: (delayMs, run) => void setTimeout(run, delayMs),
    });
    this.#core = new AccountCore({
      changed: (change) => this.#live.changed(change),
      sql: durableSql(storage),
      now: () => Date.now(),
      sleep: (delayMs) => new Promise((resolve) => setTimeout(resolve, delayMs)),
      random: () => Math.random(),
      newId: () => `r_${crypto.randomUUID().replaceAll("-", "")}`,
      setAlarm: (at) => void storage.setAlarm(at),
      deleteAlarm: () => void storage.deleteAlarm(),
      wipe: () => storage.deleteAll(),
      sync: () => storage.sync(),
      graph: ctx.exports.Sender,
      tokenEncryption: createTokenEncryption(tokenEncryptionKeys),
      directory: {
        registerAwake: (accountId, generation, summary) => directory().registerAwake(accountId, generation, summary),
        syncSummary: (accountId, summary) => directory().syncSummary(accountId, summary),
        forget: (accountId, leaves) => directory().forget(accountId, leaves),
        own: (accountId, ownerIds) => directory().own(accountId, ownerIds, true),
      },
      log,
      config: { deferSeconds: replyDeferSeconds, appIds: [metaAppId, instagramAppId] },
    });
  }

  /** The live feed. Only the console forwards requests to this method, after authentication. */
  override fetch(request: Request): Response {
    const until = request.headers.get("Replyline-Session-Until");
    return this.#live.watch(until === null ? null : Number(until));
  }
  /** Messages from clients are ignored. `ping` is answered without waking the object. */
  override webSocketMessage(): void {}
  override webSocketClose(socket: WebSocket): void {
    socket.close();
  }

  override alarm(): Promise<void> {
    return this.#core.alarm();
  }

  static {
    exposeCore(Account, AccountCore, (account) => account.#core);
  }
}
