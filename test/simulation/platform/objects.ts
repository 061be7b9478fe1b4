/** The objects as a process sees them: through the shipping stubs, whose calls go through the simulated network. */
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

/** The namespaces, as far as the stubs use them. */
interface Namespaces {
  ACCOUNTS: { getByName(name: string): unknown };
  DIRECTORY: { getByName(name: string): unknown };
}

// By a name that the type checker does not follow: the file's types lead to Cloudflare's, which Node's program lacks.
const STUBS: string = "../../../src/engine/objects.ts";
const { objectsOf } = (await import(STUBS)) as { objectsOf: (namespaces: Namespaces) => Objects };

export interface Hosts {
  account(accountId: string): ObjectHost<AccountCore>;
  directory: ObjectHost<DirectoryCore>;
  /** The Directory has accounts on its list for the watchdog. */
  anybodyAwake(): boolean;
  /** Told when events are durably in an account's ledger. */
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

/** Every method of the object's core, called from afar. */
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
