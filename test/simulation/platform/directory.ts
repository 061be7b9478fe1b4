/** The shipping Directory on the simulated platform. */
import { DirectoryCore } from "../../../src/engine/directory/directory.ts";
import { accountStub, type Hosts } from "./objects.ts";
import type { Instance } from "./object.ts";

export function buildDirectory(instance: Instance<DirectoryCore>, hosts: () => Hosts): DirectoryCore {
  return new DirectoryCore({
    sql: instance.sql,
    now: () => instance.sim.scheduler.now,
    unpack: async (queued) => queued,
    ingest: (accountId, events) => accountStub(instance, hosts(), accountId).ingest(accountId, events),
  });
}
