/** Meta's error, read from an answer and found in the table. */
import { isObject, numberAt, objectAt } from "../json.ts";
import { type ErrorRow, ERROR_ROWS } from "./error-codes.ts";

/** How Meta writes an error, as far as anything depends on it. Never its text: that may repeat the request. */
export interface MetaError {
  code: number;
  subcode: number | null;
  /** Meta says that the same call may work later. It does not say that this one did nothing. */
  isTransient: boolean;
}

/** Below this a number is a code only; from here on Meta uses the same numbers as codes and as subcodes. */
const FIRST_SHARED_NUMBER = 10_000;

/**
 * Under these Meta gathers what has nothing in common but the code: the window, the person, a permission, a parameter. The
 * code alone says what it says without a subcode; beside one that is new it proves nothing.
 */
const GATHERING_CODES: ReadonlySet<number> = new Set([10, 100, 200]);

const BY_CODE = new Map(ERROR_ROWS.map((row) => [keyOf(row.code, row.subcode), row]));

/** Reads `{"error":{"code","error_subcode"?,"is_transient"?,…}}`; null when the answer is no such thing. */
export function readError(answer: unknown): MetaError | null {
  const error = isObject(answer) ? objectAt(answer, "error") : null;
  const code = numberAt(error, "code");
  if (error === null || code === null) return null;
  return { code, subcode: numberAt(error, "error_subcode"), isTransient: error["is_transient"] === true };
}

/** The row for code and subcode, else for the subcode alone, else for the code alone; null when Meta's code is new. */
export function findRow({ code, subcode }: Pick<MetaError, "code" | "subcode">): ErrorRow | null {
  if (subcode !== null) {
    const exact = BY_CODE.get(keyOf(code, subcode));
    if (exact !== undefined) return exact;
    if (subcode >= FIRST_SHARED_NUMBER) {
      const shared = BY_CODE.get(keyOf(subcode, null));
      if (shared !== undefined) return shared;
    }
  }
  return BY_CODE.get(keyOf(code, null)) ?? null;
}

/** The row that tells whether a send was done. Null where nothing is known: then it may have been. */
export function findProof(error: Pick<MetaError, "code" | "subcode">): ErrorRow | null {
  const row = findRow(error);
  return row?.subcode === null && row.code === error.code && error.subcode !== null && GATHERING_CODES.has(row.code)
    ? null
    : row;
}

/** `100/2534025`, or `190` where there is no subcode: how a code is stored and shown. */
export function codeText({ code, subcode }: Pick<MetaError, "code" | "subcode">): string {
  return subcode === null ? String(code) : keyOf(code, subcode);
}

/** The row for a stored code (`codeText`), to show meaning and advice; null for codes without one and for our own. */
export function explain(code: string): ErrorRow | null {
  const [, main, sub] = /^(\d+)(?:\/(\d+))?$/.exec(code) ?? [];
  if (main === undefined) return null;
  return findRow({ code: Number(main), subcode: sub === undefined ? null : Number(sub) });
}

function keyOf(code: number, subcode: number | null): string {
  return subcode === null ? String(code) : `${code}/${subcode}`;
}
