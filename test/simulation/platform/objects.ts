/** The objects as seen by a process: the shipping stubs, with calls through the simulated network. */
import type { MetaEvent } from "../../../src/core/event.ts";
import type { AccountCore } from "../../../src/engine/account/account.ts";
import type { AccountRpc } from "../../../src/engine/object-rpc.ts";
import type { DirectoryRpc } from "../../../src/engine/object-rpc.ts";
import type { DirectoryCore } from "../../../src/engine/directory/directory.ts";
import type { Process } from "../process.ts";
import type { Instance, ObjectHost } from "./object.ts";

export interface Objects {
  account<T>(accountId: string, ask: (account: AccountRpc) => Promise<T>): Promise<T>;
  directory<T>(ask: (directory: DirectoryRpc) => Promise<T>): Promise<T>;
}

/** The parts of the namespaces that the stubs use. */
interface Namespaces {
  ACCOUNTS: { getByName(name: string): unknown };
  DIRECTORY: { getByName(name: string): unknown };
}

// Imported by a computed name, so that the type checker does not follow it: the file needs Cloudflare's types.
const STUBS: string = "../../../src/engine/objects.ts";
const { objectsOf } = (await import(STUBS)) as { objectsOf: (namespaces: Namespaces) => Objects };

export interface Hosts {
  account(accountId: string): ObjectHost<AccountCore>;
  directory: ObjectHost<DirectoryCore>;
  /** Whether the Directory has accounts for the watchdog. */
  anybodyAwake(): boolean;
  /** Called when events are durable in an account's ledger. */
  ingested(accountId: string, events: readonly MetaEvent[]): void;
}

export function objectsFor(process: Process, hosts: Hosts): Objects {
  return objectsOf({
    ACCOUNTS: { getByName: (accountId) => accountStub(process, hosts, accountId) },
    DIRECTORY: { getByName: () => stub(process, hosts.directory) },
  });
}

export function accountStub(process: Process, hosts: Hosts, accountId: string): AccountRpc {
  return stub(process, hosts.account(accountId), (method, args, instance) => {
    if (method !== "ingest") return;
    instance.atCommit(() => hosts.ingested(accountId, args[1] as MetaEvent[]));
  }) as AccountRpc;
}

/** Remote calls for every method of the object's core. */
function stub<Core extends object>(
  process: Process,
  host: ObjectHost<Core>,
  watch: (method: string, args: readonly unknown[], instance: Instance<Core>) => void = () => undefined,
): unknown {
  return new Proxy(
    {},
    {
      get: (_, method) => {
        if (typeof method !== "string" || method === "then") return undefined;
        return (...args: unknown[]) =>
          host.call(process, (core, instance) => {
            watch(method, args, instance);
            const called = (core as Record<string, unknown>)[method];
            if (typeof called !== "function") throw new TypeError(`the object has no method ${method}`);
            return called.apply(core, args) as unknown;
          });
      },
    },
  );
}
