/**
 * Daily maintenance of an account's token. It is refreshed or checked when `token-schedule.ts` says so, with one call
 * to Meta at a time.
 */
import type { GraphProblem } from "../../../meta/graph/response.ts";
import { syncSummary } from "../directory-sync.ts";
import type { Profile } from "../../../api/account.ts";
import type { AccountPorts } from "../ports.ts";
import { putToken, getToken } from "../tables/credentials.ts";
import { getValue, setValue } from "../tables/settings.ts";
import { openToken } from "./token.ts";
import { tokenRecord, tokenTask } from "../next-check.ts";
import { describe } from "../../log.ts";
import {
  TOKEN_UNREADABLE,
  tokenWarning,
  wantsTokenFacts,
  UNREADABLE_REASON,
  WRONG_ACCOUNT,
  WRONG_ACCOUNT_REASON,
  type TokenRecord,
  type TokenTask,
} from "./token-schedule.ts";

/** Runs the token task if it is due. Never throws for errors of Meta. */
export async function maintainToken(ports: AccountPorts, accountId: string): Promise<void> {
  const profile = getValue(ports.sql, "profile");
  const record = tokenRecord(ports.sql);
  if (profile === null || record === null) return;
  const task = tokenTask(ports.sql);
  if (task !== null && ports.now() >= task.at) await runTask(ports, accountId, profile, record, task.do);
}

/**
 * Checks the token with Meta before its next scheduled check, because a person or the doctor wants all current facts. A
 * permission that was revoked shows only there. Only the stored facts about the token change.
 */
export async function checkTokenNow(ports: AccountPorts, accountId: string): Promise<void> {
  const profile = getValue(ports.sql, "profile");
  const record = tokenRecord(ports.sql);
  if (profile !== null && record !== null) await runTask(ports, accountId, profile, record, "check", true);
}

async function runTask(
  ports: AccountPorts,
  accountId: string,
  profile: Profile,
  record: TokenRecord,
  task: TokenTask["do"],
  wantsFacts = wantsTokenFacts(profile.login, record, ports.now()),
): Promise<void> {
  if (getValue(ports.sql, "token") === null) setValue(ports.sql, "token", record);
  // The next check is scheduled first, so that a call that hangs or throws is not repeated without a pause.
  keep(ports, record, { ...record, failedAt: ports.now(), failure: "no_answer", refused: false });

  const opened = await openToken(ports, accountId);
  if (opened.kind === "none") return;
  const current = getValue(ports.sql, "token") ?? record;
  if (opened.kind === "unreadable") {
    keep(ports, current, { ...current, failure: TOKEN_UNREADABLE, refused: true });
    hold(ports, accountId, TOKEN_UNREADABLE, UNREADABLE_REASON);
    await syncSummary(ports, accountId, true);
    return;
  }
  // The key is configured again, so that hold ends, whatever Meta returns next.
  if (getValue(ports.sql, "hold")?.code === TOKEN_UNREADABLE) lift(ports);
  try {
    if (task === "refresh") {
      const answer = await ports.graph.refreshToken(opened.token);
      if (answer.ok) {
        const { accessToken, expiresInMs } = answer.value;
        const sealed = await ports.tokenEncryption.seal(accountId, accessToken);
        const now = ports.now();
        const expiresAt = expiresInMs === null ? null : now + expiresInMs;
        // A refresh extends the token. The account that it belongs to does not change.
        const { belongsTo } = current;
        const fresh = { ...good(current, now), savedAt: now, issuedAt: now, expiresAt, belongsTo };
        const replaced = ports.sql.transaction(() => {
          if (getToken(ports.sql) !== opened.sealed) return false;
          putToken(ports.sql, sealed, now);
          setValue(ports.sql, "token", fresh);
          setValue(ports.sql, "profile", { ...profile, tokenExpiresAt: expiresAt });
          return true;
        });
        if (replaced) {
          if (belongsTo === null) lift(ports);
          ports.log("token_refreshed", { accountId });
        }
      } else failed(ports, accountId, current, answer.error);
    } else {
      const answer = await ports.graph.checkToken(profile, opened.token, wantsFacts);
      if (answer.ok) {
        const { accountId: belongsTo, ownerId, scopes, expiresAt, dataAccessExpiresAt } = answer.value;
        const wrong = belongsTo !== null && belongsTo !== accountId && belongsTo !== profile.sendAs;
        const next: TokenRecord = {
          ...good(current, ports.now()),
          scopes: scopes ?? current.scopes,
          expiresAt: expiresAt === undefined ? current.expiresAt : expiresAt,
          // With scopes, Meta gave all facts: an end that is missing then is none.
          dataAccessExpiresAt: dataAccessExpiresAt ?? (scopes === null ? current.dataAccessExpiresAt : null),
          belongsTo: wrong ? belongsTo : null,
        };
        if (keep(ports, current, next)) {
          if (wrong) {
            ports.log("token_of_another_account", { accountId });
            // Meta would refuse every reply sent with this token permanently.
            if (getValue(ports.sql, "hold")?.code !== WRONG_ACCOUNT) lift(ports);
            hold(ports, accountId, WRONG_ACCOUNT, WRONG_ACCOUNT_REASON);
          } else lift(ports);
          if (ownerId !== null && !wrong) await ports.directory.own(accountId, [ownerId]);
        }
      } else failed(ports, accountId, current, answer.error);
    }
  } catch (error) {
    ports.log("sender_unreachable", { accountId, error: describe(error) });
  }
  const after = getValue(ports.sql, "token");
  if (after !== null && tokenWarning(after, ports.now()) === "expires_soon") ports.log("token_expiring", { accountId });
  await syncSummary(ports, accountId, true);
}

const good = (record: TokenRecord, now: number): TokenRecord => ({
  ...record,
  checkedAt: now,
  failedAt: null,
  failure: null,
  refused: false,
  belongsTo: null,
});

function failed(ports: AccountPorts, accountId: string, record: TokenRecord, problem: GraphProblem): void {
  const refused = problem.reason === "account" || problem.reason === "refused";
  const next = { ...record, failedAt: ports.now(), failure: problem.code, refused };
  if (!keep(ports, record, next)) return;
  ports.log(refused ? "token_refused" : "token_unchecked", { accountId, code: problem.code });
  if (problem.reason === "account" && problem.problem === "token") hold(ports, accountId, problem.code, REFUSED);
}

/** Writes the record unless a new token was stored in the meantime. */
function keep(ports: AccountPorts, before: TokenRecord, next: TokenRecord): boolean {
  return ports.sql.transaction(() => {
    if (getValue(ports.sql, "token")?.savedAt !== before.savedAt) return false;
    setValue(ports.sql, "token", next);
    return true;
  });
}

const REFUSED = "Meta no longer accepts the access token. Connect the account again.";

/** Nothing is sent until the account is connected again. Waiting replies keep their place. */
function hold(ports: AccountPorts, accountId: string, code: string, reason: string): void {
  if (getValue(ports.sql, "hold")?.problem === "token") return;
  setValue(ports.sql, "hold", { problem: "token", code, reason, since: ports.now(), until: null });
  ports.log("account_held", { accountId, code });
}

/** Meta has just accepted the token, so a hold because of the token ends (a person may have confirmed a checkpoint). */
function lift(ports: AccountPorts): void {
  if (getValue(ports.sql, "hold")?.problem === "token") setValue(ports.sql, "hold", null);
}
