/**
 * The RPC face of a Durable Object, derived from the class that does its work. A method is written there, and nowhere
 * else: callers get its type, and the object's shell gets the method.
 *
 * Plain data in, plain unions out: an error thrown inside a Durable Object loses its class on the way
 * (https://developers.cloudflare.com/durable-objects/best-practices/error-handling/).
 */
import type { AccountCore } from "./account/account.ts";
import type { DirectoryCore } from "./directory/directory.ts";

/** Each public method of a class, with a promise for what it returns. */
export type Rpc<Core> = {
  [Name in keyof Core]: Core[Name] extends (...args: infer Args) => infer Returned
    ? (...args: Args) => Promise<Awaited<Returned>>
    : never;
};

export type AccountRpc = Rpc<AccountCore>;
export type DirectoryRpc = Rpc<DirectoryCore>;

/**
 * Gives a shell every method of its core that it does not define. RPC looks for methods on the prototype, so they are
 * put there; `#private` members are not methods of the prototype and stay private.
 *
 * @param coreOf the core of one instance
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
        // The name comes from the class itself, and RPC passes the arguments on as they were given.
        return (instance as Record<string, (...given: unknown[]) => unknown>)[name]?.apply(instance, args);
      },
    });
  }
}
