/**
 * The RPC interface of a Durable Object, derived from its core class. A method is written only in the core class:
 * callers get its type, and the object's shell gets the method.
 *
 * Methods take plain data and return plain unions: an error thrown inside a Durable Object loses its class
 * (https://developers.cloudflare.com/durable-objects/best-practices/error-handling/).
 */
import type { AccountCore } from "./account/account.ts";
import type { DirectoryCore } from "./directory/directory.ts";

/** Each public method of a class, returning a promise. */
export type Rpc<Core> = {
  [Name in keyof Core]: Core[Name] extends (...args: infer Args) => infer Returned
    ? (...args: Args) => Promise<Awaited<Returned>>
    : never;
};

export type AccountRpc = Rpc<AccountCore>;
export type DirectoryRpc = Rpc<DirectoryCore>;

/**
 * Adds every method of the core to the shell, except those that the shell defines. RPC looks for methods on the
 * prototype, so they are added there. `#private` members are not on the prototype and stay private.
 *
 * @param coreOf returns the core of one instance
 */
export function exposeCore<Shell extends object, Core extends object>(
  shell: { readonly prototype: Shell },
  core: { readonly prototype: Core },
  coreOf: (instance: Shell) => Core,
): void {
  for (const name of Object.getOwnPropertyNames(core.prototype)) {
    if (Object.hasOwn(shell.prototype, name)) continue;
    Object.defineProperty(shell.prototype, name, {
      async value(this: Shell, ...args: unknown[]): Promise<unknown> {
        const instance = coreOf(this);
        // The name comes from the class, and RPC passes the arguments unchanged.
        return (instance as Record<string, (...given: unknown[]) => unknown>)[name]?.apply(instance, args);
      },
    });
  }
}
