/**
 * Erases on request, step by step: the accounts of the person who asks, or a person in every account. The remaining
 * work is stored in the Directory. A failed step is repeated by the next minute's cron, and repeating it is safe.
 */
import type { Erasure, ErasureKind } from "../../api/privacy.ts";
import type { OpenErasure } from "../directory/contract.ts";
import { describe, type Log } from "../log.ts";
import type { Objects } from "../objects.ts";
import { bytesToHex } from "@noble/hashes/utils.js";

export interface ErasePorts {
  objects: Objects;
  log: Log;
}

/** Accounts per round of a sweep. */
const SWEEP = 200;
const CONCURRENCY = 10;
const ERASURES = 20;

export interface ErasureRequest {
  code: string;
  /** A request with the same key is the same request. */
  key: string;
  kind: ErasureKind;
  /** The app-scoped id of a person who logged in, the id of an account, or the id of a person who wrote to one. */
  subject: string;
}

/** Stores the request and starts the work. */
export async function requestErasure(ports: ErasePorts, request: ErasureRequest): Promise<Erasure> {
  const erasure = await ports.objects.directory((directory) => directory.requestErasure(request));
  ports.log("erasure_requested", { code: erasure.code });
  await continueErasures(ports);
  return (await ports.objects.directory((directory) => directory.erasure(erasure.code))) ?? erasure;
}

/** Runs one round of every open erasure. Never throws: the next round continues. */
export async function continueErasures(ports: ErasePorts): Promise<void> {
  try {
    const open = await ports.objects.directory((directory) => directory.openErasures(ERASURES));
    for (const erasure of open) await advance(ports, erasure);
  } catch (error) {
    ports.log("erasure_failed", { error: describe(error) });
  }
}

async function advance(ports: ErasePorts, erasure: OpenErasure): Promise<void> {
  const { code, kind, subject } = erasure;
  try {
    for (const accountId of erasure.accounts) {
      await eraseWhole(ports, accountId, kind !== "deauthorize");
      await ports.objects.directory((directory) => directory.advanceErasure(code, { accountDone: accountId }));
    }
    if (subject !== null) await sweep(ports, code, subject);
  } catch (error) {
    ports.log("erasure_failed", { code, error: describe(error) });
  }
}

async function eraseWhole({ objects, log }: ErasePorts, accountId: string, everything: boolean): Promise<void> {
  if (everything) await unsubscribe(objects, accountId);
  // `erase` removes the account from the Directory. Dead letters are deleted first, so that none is redriven in
  // between.
  await objects.directory((directory) => directory.eraseFailedEvents(accountId));
  await objects.account(accountId, (account) => account.erase(accountId, everything));
  log("account_erased", { accountId });
}

/**
 * Unsubscribes at Meta; with an invalid token Meta stops anyway. A Page and its Instagram account share one
 * subscription. While the other account is connected, the subscription stays, and late events of the erased account are
 * refused.
 */
async function unsubscribe(objects: Objects, accountId: string): Promise<void> {
  const sharing = await objects.directory((directory) => directory.sharing(accountId));
  if (sharing.length > 0) return;
  await objects
    .account(accountId, (account) => account.subscribedApps(accountId, { method: "DELETE" }))
    .catch(() => undefined);
}

/** Erases the person from the next accounts. After the last account, failed events with the id are deleted too. */
async function sweep({ objects }: ErasePorts, code: string, personId: string): Promise<void> {
  const ids = await objects.directory((directory) => directory.erasureSweep(code, SWEEP));
  if (ids.length === 0) {
    await objects.directory((directory) => directory.eraseFailedEvents(personId));
    await objects.directory((directory) => directory.advanceErasure(code, { cursor: null }));
    return;
  }
  const waiting = [...ids];
  let people = 0;
  const worker = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      const accountId = id;
      const { rows } = await objects.account(accountId, (account) => account.erasePerson(accountId, personId));
      if (rows > 0) people += 1;
    }
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, ids.length) }, worker));
  const cursor = ids.at(-1) ?? null;
  await objects.directory((directory) => directory.advanceErasure(code, { cursor, people }));
  // A list shorter than the limit is the last one, so the sweep finishes now and not a minute later.
  if (ids.length < SWEEP) await sweep({ objects, log: () => undefined }, code, personId);
}

const CODE_BYTES = 16;

/** A confirmation code: 128 random bits, in hexadecimal digits that can be read aloud. */
export const newErasureCode = (): string => bytesToHex(crypto.getRandomValues(new Uint8Array(CODE_BYTES)));

/** The address of the request's status page. */
export const erasureUrl = (origin: string, code: string): string => `${origin}/data-deletion/${code}`;
