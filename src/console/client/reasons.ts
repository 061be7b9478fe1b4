/** Reasons of replies in plain words: ours from labels.ts, Meta's asked of the API once each. */
import { apiPath } from "../../api/paths.ts";
import { replyReasonLabel } from "../labels.ts";
import { get, query } from "./api.ts";

interface Explanation {
  code: string;
  meaning: string;
  advice: string;
}

const known = new Map<string, Explanation | null>();

/** Asks for what is not known yet, in one request. Never throws: without an answer the code itself is shown. */
export async function learnReasons(reasons: readonly (string | null)[]): Promise<void> {
  const codes = [...new Set(reasons)].filter((reason) => reason !== null && isMetas(reason) && !known.has(reason));
  if (codes.length === 0) return;
  try {
    const { items } = await get<{ items: Explanation[] }>(`${apiPath("errors")}${query({ codes: codes.join(",") })}`);
    for (const code of codes) if (code !== null) known.set(code, items.find((item) => item.code === code) ?? null);
  } catch {
    // Asked again with the next page.
  }
}

/** What happened, and what can be done about it. */
export function explainReason(reason: string): { text: string; advice: string | null; code: string | null } {
  const own = replyReasonLabel(reason);
  if (own !== null) return { text: own, advice: null, code: null };
  const explained = known.get(reason);
  if (explained != null) return { text: explained.meaning, advice: explained.advice, code: reason };
  return {
    text: isMetas(reason) ? "Unknown Meta error code." : reason,
    advice: null,
    code: reason,
  };
}

const isMetas = (reason: string): boolean => /^\d+(\/\d+)?$/.test(reason);
