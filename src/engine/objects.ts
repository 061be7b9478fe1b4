/** Access to the Durable Objects: the only place that creates stubs and decides which failures are retried. */
import type { EngineEnv } from "./env.ts";
import type { AccountRpc, DirectoryRpc } from "./object-rpc.ts";

export interface Objects {
  account<T>(accountId: string, ask: (account: AccountRpc) => Promise<T>): Promise<T>;
  directory<T>(ask: (directory: DirectoryRpc) => Promise<T>): Promise<T>;
}

/** A new stub for every call: a stub that failed once keeps failing. */
export function objectsOf(env: Pick<EngineEnv, "ACCOUNTS" | "DIRECTORY">): Objects {
  // A stub's type converts every method to its remote form, in which unparsed JSON (`unknown`) becomes `never`. The
  // contracts contain plain data only, so the results have the declared types.
  return {
    account: (accountId, ask) => callWithRetry(() => ask(env.ACCOUNTS.getByName(accountId) as unknown as AccountRpc)),
    directory: (ask) => callWithRetry(() => ask(env.DIRECTORY.getByName(DIRECTORY_NAME) as unknown as DirectoryRpc)),
  };
}

/**
 * Retries once, on a new stub, after a failure that Cloudflare marks as retryable. Never after an overload, which a
 * second request makes worse. Every method is safe to repeat: it is idempotent, or has a key or a version.
 * https://developers.cloudflare.com/durable-objects/best-practices/error-handling/
 */
async function callWithRetry<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!isMarked(error, "retryable") || isMarked(error, "overloaded")) throw error;
    return await ask();
  }
}

/**
 * The object exists but is not available now: it is overloaded, or was reset (by a deployment or a move to another
 * machine).
 */
export function isUnavailable(error: unknown): boolean {
  return isMarked(error, "retryable") || isMarked(error, "overloaded");
}

function isMarked(error: unknown, mark: "retryable" | "overloaded"): boolean {
  return typeof error === "object" && error !== null && (error as Partial<Record<typeof mark, unknown>>)[mark] === true;
}

/** The name of the only Directory object. */
export const DIRECTORY_NAME = "directory";
