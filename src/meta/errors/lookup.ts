/** Parses Meta's error from a response and finds its row in the table. */
import { isObject, numberAt, objectAt } from "../json.ts";
import { type ErrorRow, ERROR_ROWS } from "./error-codes.ts";

/** The parts of Meta's error that are used. Never its text, because it may repeat the request. */
export interface MetaError {
  code: number;
  subcode: number | null;
  /** The same call may work later. This does not prove that the failed call had no effect. */
  isTransient: boolean;
}

/** Smaller numbers are codes only. From here on, Meta uses the same numbers as codes and as subcodes. */
const FIRST_SHARED_NUMBER = 10_000;

/**
 * Codes that Meta uses for unrelated errors: window, person, permission, parameter. The row of the code alone applies
 * only if there is no subcode. With an unknown subcode, the code proves nothing.
 */
const GATHERING_CODES: ReadonlySet<number> = new Set([10, 100, 200]);

const BY_CODE = new Map(ERROR_ROWS.map((row) => [keyOf(row.code, row.subcode), row]));

/** Reads `{"error":{"code","error_subcode"?,"is_transient"?,…}}`; null if the response has another format. */
export function readError(answer: unknown): MetaError | null {
  const error = isObject(answer) ? objectAt(answer, "error") : null;
  const code = numberAt(error, "code");
  if (error === null || code === null) return null;
  return { code, subcode: numberAt(error, "error_subcode"), isTransient: error["is_transient"] === true };
}

/**
 * The row for code and subcode, else for the subcode alone, else for the code alone; null if Meta's code is unknown.
 */
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

/** The row that tells whether a reply was sent. Null if unknown: then it may have been sent. */
export function findProof(error: Pick<MetaError, "code" | "subcode">): ErrorRow | null {
  const row = findRow(error);
  return row?.subcode === null && row.code === error.code && error.subcode !== null && GATHERING_CODES.has(row.code)
    ? null
    : row;
}

/** `100/2534025`, or `190` without a subcode: the form in which a code is stored and shown. */
export function codeText({ code, subcode }: Pick<MetaError, "code" | "subcode">): string {
  return subcode === null ? String(code) : keyOf(code, subcode);
}

/** The row for a stored code (`codeText`), for its meaning and advice; null for unknown codes and Replyline's own. */
export function explain(code: string): ErrorRow | null {
  const [, main, sub] = /^(-?\d+)(?:\/(\d+))?$/.exec(code) ?? [];
  if (main === undefined) return null;
  return findRow({ code: Number(main), subcode: sub === undefined ? null : Number(sub) });
}

function keyOf(code: number, subcode: number | null): string {
  return subcode === null ? String(code) : `${code}/${subcode}`;
}
