/** The way to the Durable Objects: one place that knows how a stub is got, and which of its failures may be retried. */
import type { EngineEnv } from "./env.ts";
import type { AccountRpc, DirectoryRpc } from "./object-rpc.ts";

export interface Objects {
  account<T>(accountId: string, ask: (account: AccountRpc) => Promise<T>): Promise<T>;
  directory<T>(ask: (directory: DirectoryRpc) => Promise<T>): Promise<T>;
}

/** A fresh stub for every call: one that has failed once fails for ever. */
export function objectsOf(env: Pick<EngineEnv, "ACCOUNTS" | "DIRECTORY">): Objects {
  // A stub's type turns every method of the class into its remote form, where JSON that the API passes on unread
  // (`unknown`) becomes `never`. The contracts hold plain data only, so what arrives is what they say.
  return {
    account: (accountId, ask) => askTwice(() => ask(env.ACCOUNTS.getByName(accountId) as unknown as AccountRpc)),
    directory: (ask) => askTwice(() => ask(env.DIRECTORY.getByName(DIRECTORY_NAME) as unknown as DirectoryRpc)),
  };
}

/**
 * Asks once more, on a fresh stub, after a failure that Cloudflare marks as passing; never after an overload, which a
 * second request makes worse. Every method may be asked twice: each is idempotent, or carries a key or a version.
 * https://developers.cloudflare.com/durable-objects/best-practices/error-handling/
 */
async function askTwice<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!isMarked(error, "retryable") || isMarked(error, "overloaded")) throw error;
    return await ask();
  }
}

/** The object exists but cannot answer now: it is overloaded, or was reset on the way (a deploy, a moved machine). */
export function isUnavailable(error: unknown): boolean {
  return isMarked(error, "retryable") || isMarked(error, "overloaded");
}

function isMarked(error: unknown, mark: "retryable" | "overloaded"): boolean {
  return typeof error === "object" && error !== null && (error as Partial<Record<typeof mark, unknown>>)[mark] === true;
}

/** There is one Directory object, and this is its name. */
export const DIRECTORY_NAME = "directory";
