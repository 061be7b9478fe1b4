/** The shipping Account on the simulated platform. On Cloudflare this is src/engine/account/object.ts. */
import { AccountCore } from "../../../src/engine/account/account.ts";
import type { SendResponse, SendOrder } from "../../../src/engine/account/ports.ts";
import { getValue, setValue } from "../../../src/engine/account/tables/settings.ts";
import { DEFAULT_SETTINGS, type Settings } from "../../../src/core/settings.ts";
import type { Log } from "../../../src/engine/log.ts";
import type { DirectoryCore } from "../../../src/engine/directory/directory.ts";
import { OUR_APP_ID } from "../meta/items.ts";
import type { Prng } from "../prng.ts";
import { sleep } from "../process.ts";
import type { Instance, ObjectHost } from "./object.ts";
import type { Sender } from "./sender.ts";

export const DEFER_SECONDS = 10;

export interface AccountSurroundings {
  directory: ObjectHost<DirectoryCore>;
  sender: Sender;
  prng: Prng;
  newReplyId(): string;
  /** For the checker. */
  handedOver(instance: Instance<AccountCore>, order: SendOrder): void;
  answered(instance: Instance<AccountCore>, order: SendOrder, answer: SendResponse): void;
  log: (instance: Instance<AccountCore>) => Log;
}

export function buildAccount(instance: Instance<AccountCore>, around: AccountSurroundings): AccountCore {
  const { scheduler } = instance.sim;
  const { directory, sender, prng } = around;
  const core = new AccountCore({
    sql: instance.sql,
    now: () => scheduler.now,
    sleep: (delayMs) => sleep(instance, delayMs),
    random: () => prng.next(),
    newId: () => around.newReplyId(),
    setAlarm: (at) => instance.setAlarm(at),
    deleteAlarm: () => instance.setAlarm(null),
    sync: () =>
      instance.wait((settlement) => instance.emit(() => void scheduler.after(prng.whole(0, 5), () => settlement.ok()))),
    graph: {
      send: async (order) => {
        around.handedOver(instance, order);
        const answer = await sender.send(instance, order);
        around.answered(instance, order, answer);
        return answer;
      },
      readComment: (order) => sender.readComment(instance, order),
      subscriptions: notPartOfIt,
      commentMedia: notPartOfIt,
      deleteComment: notPartOfIt,
      recentMedia: notPartOfIt,
      mediaComments: notPartOfIt,
      conversations: notPartOfIt,
      refreshToken: notPartOfIt,
      checkToken: notPartOfIt,
    },
    wipe: notPartOfIt,
    tokenEncryption: {
      seal: (_, token) => pause(instance, prng, `sealed ${token}`),
      open: (_, sealed) => pause(instance, prng, sealed.replace("sealed ", "")),
      isCurrent: () => true,
    },
    directory: {
      registerAwake: (accountId, generation, summary) =>
        directory.call(instance, (to) => to.registerAwake(accountId, generation, summary)),
      syncSummary: (accountId, summary) => directory.call(instance, (to) => to.syncSummary(accountId, summary)),
      forget: (accountId, leaves) => directory.call(instance, (to) => to.forget(accountId, leaves)),
      own: (accountId, ownerIds) => directory.call(instance, (to) => to.own(accountId, ownerIds)),
    },
    log: around.log(instance),
    config: { deferSeconds: DEFER_SECONDS, appIds: [String(OUR_APP_ID)] },
  });
  if (getValue(instance.sql, "settings") === null) setValue(instance.sql, "settings", SIMULATED_SETTINGS);
  return core;
}

/** The reconciler is off, because its reads are not simulated. */
export const SIMULATED_SETTINGS: Settings = {
  ...DEFAULT_SETTINGS,
  deferSeconds: DEFER_SECONDS,
  reconcile: { ...DEFAULT_SETTINGS.reconcile, enabled: false },
};

/** Subscriptions, reconciler, token maintenance and erasure are not simulated: their calls to Meta always fail. */
const notPartOfIt = (): Promise<never> => Promise.reject(new Error("Network connection lost."));

/** WebCrypto is asynchronous, and the object may die during it. */
function pause<T>(instance: Instance<AccountCore>, prng: Prng, value: T): Promise<T> {
  return instance.wait((settlement) => void instance.sim.scheduler.after(prng.whole(0, 2), () => settlement.ok(value)));
}
