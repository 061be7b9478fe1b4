/** What one of Meta's error codes says about a reply. */
import type { AccountProblem, ThrottleScope } from "../../core/reply/outcome.ts";

export type ErrorAction =
  /** Not sent, and never will be. */
  | { do: "refuse" }
  /** Not sent; worth another try, at most `tries` in all. */
  | { do: "retry"; tries: number }
  /**
   * Not sent: too fast. `scope`: whether the limit is of this kind of call or of all that the account does. `waitMs`: how
   * long to stop where Meta's headers name no time.
   */
  | { do: "throttle"; scope: ThrottleScope; waitMs: number | null }
  /** Not sent, and nothing of this account will be. */
  | { do: "hold"; problem: AccountProblem }
  /** May have been sent. */
  | { do: "doubt" };

export interface ErrorRow {
  code: number;
  /** Null: this code with any subcode that has no row of its own. */
  subcode: number | null;
  action: ErrorAction;
  /** Short and stable, for machines. */
  reason: string;
  meaning: string;
  /** What a person can do about it. */
  advice: string;
  /** `D`: a page of Meta's says so. `W`: seen in public clients, no page found. */
  source: "D" | "W";
}
