/**
 * Erasing on request, step by step: the account of whoever asked, or a person in every account. What is left to do stands
 * in the Directory, so a step that fails is done again by the next minute's cron, and doing it twice does no harm.
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

/** Accounts asked about a person in one go, and at a time. */
const SWEEP = 200;
const ABREAST = 10;
const ERASURES = 20;

export interface ErasureRequest {
  code: string;
  /** The same key is the same request. */
  key: string;
  kind: ErasureKind;
  /** App-scoped id of somebody who logged in here, an account's id, or the id of a person who wrote to one. */
  subject: string;
}

/** Writes the request down, and begins with it. */
export async function requestErasure(ports: ErasePorts, request: ErasureRequest): Promise<Erasure> {
  const erasure = await ports.objects.directory((directory) => directory.requestErasure(request));
  ports.log("erasure_requested", { code: erasure.code });
  await continueErasures(ports);
  return (await ports.objects.directory((directory) => directory.erasure(erasure.code))) ?? erasure;
}

/** One round of every open erasure. Never throws: the next round goes on. */
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
  // The account leaves the Directory in this call. Letters first: none may be redriven in between.
  await objects.directory((directory) => directory.eraseFailedEvents(accountId));
  await objects.account(accountId, (account) => account.erase(accountId, everything));
  log("account_erased", { accountId });
}

/**
 * Meta should stop sending; with a dead token it does so by itself. A Page and the Instagram account behind it share one
 * subscription, so the first of the two to go leaves it to the other: what still arrives for the first is not taken in.
 */
async function unsubscribe(objects: Objects, accountId: string): Promise<void> {
  const sharing = await objects.directory((directory) => directory.sharing(accountId));
  if (sharing.length > 0) return;
  await objects
    .account(accountId, (account) => account.subscribedApps(accountId, { method: "DELETE" }))
    .catch(() => undefined);
}

/** Asks the next accounts about the person; after the last, what was kept beside the accounts goes too. */
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
  await Promise.all(Array.from({ length: Math.min(ABREAST, ids.length) }, worker));
  const cursor = ids.at(-1) ?? null;
  await objects.directory((directory) => directory.advanceErasure(code, { cursor, people }));
  // A short list was the last one: finished at once, not a minute later.
  if (ids.length < SWEEP) await sweep({ objects, log: () => undefined }, code, personId);
}

const CODE_BYTES = 16;

/** A confirmation code: 128 random bits, in digits that survive being read out. */
export const newErasureCode = (): string => bytesToHex(crypto.getRandomValues(new Uint8Array(CODE_BYTES)));

/** Where the state of the request is shown. */
export const erasureUrl = (origin: string, code: string): string => `${origin}/data-deletion/${code}`;
