/** What happens between the return from Meta and the result page: tokens exchanged, accounts stored, events subscribed. */
import { err, ok, type Result } from "../../core/result.ts";
import type { GraphProblem } from "../../meta/graph/response.ts";
import type { FacebookPage, OAuthProblem } from "../../meta/oauth/token-response.ts";
import type { OAuthClient } from "../../meta/oauth/login.ts";
import { permissionStates } from "../../meta/oauth/permissions.ts";
import type { NewConnection } from "../account/contract.ts";
import type { SubscribedAppsError } from "../account/contract.ts";
import type { Objects } from "../objects.ts";
import { describe, type Log } from "../log.ts";
import type { ConnectedAccount, ConnectFailure, NotSubscribed } from "./login-result.ts";
import { wantedFields } from "./wanted-fields.ts";

export interface FlowPorts {
  oauth: OAuthClient;
  objects: Objects;
  now(): number;
  log: Log;
}

/** An account that the person may connect, and all that is needed to do it. */
export interface Candidate {
  id: string;
  connection: NewConnection;
  /** App-scoped ids of the person: deauthorize and deletion callbacks name one of them. */
  ownerIds: string[];
}

/** The account behind an authorization code of Instagram Login. */
export async function instagramCandidate(
  ports: FlowPorts,
  code: string,
  redirectUri: string,
): Promise<Result<Candidate, ConnectFailure>> {
  const { oauth } = ports;
  const grant = await oauth.instagramCode(code, redirectUri);
  if (!grant.ok) return err(failureOf(grant.error));
  const lived = await oauth.instagramLongLived(grant.value.accessToken);
  if (!lived.ok) return err(failureOf(lived.error));
  const { accessToken, expiresInMs } = lived.value;
  const me = await oauth.instagramMe(accessToken);
  if (!me.ok) {
    return err(me.error.code === "unreadable_answer" ? { reason: "no_account" } : failureOfGraph(me.error));
  }
  const { userId, appScopedId, username } = me.value;
  const issuedAt = ports.now();
  return ok({
    id: userId,
    connection: {
      platform: "instagram",
      login: "instagram",
      accessToken,
      issuedAt,
      ...(username === null ? {} : { username }),
      ...(expiresInMs === null ? {} : { tokenExpiresAt: issuedAt + expiresInMs }),
      ...(grant.value.permissions === null ? {} : { scopes: grant.value.permissions }),
    },
    ownerIds: [appScopedId, grant.value.userId].filter((id) => id !== null),
  });
}

/** What a Facebook login gave: kept, encrypted, while the person chooses. */
export interface FacebookGrant {
  userToken: string;
  userId: string | null;
  scopes: string[] | null;
}

/** A lasting user token, and the Pages that it opens. */
export async function facebookGrant(
  { oauth }: FlowPorts,
  code: string,
  redirectUri: string,
): Promise<Result<{ grant: FacebookGrant; pages: FacebookPage[] }, ConnectFailure>> {
  const short = await oauth.facebookCode(code, redirectUri);
  if (!short.ok) return err(failureOf(short.error));
  const lived = await oauth.facebookLongLived(short.value.accessToken);
  if (!lived.ok) return err(failureOf(lived.error));
  const userToken = lived.value.accessToken;
  const [pages, me, facts] = await Promise.all([
    oauth.facebookPages(userToken),
    oauth.facebookMe(userToken),
    oauth.debugToken(userToken),
  ]);
  if (!pages.ok) return err(failureOfGraph(pages.error));
  if (pages.value.length === 0) return err({ reason: "no_pages" });
  const scopes = facts.ok && facts.value.valid ? facts.value.scopes : null;
  return ok({ grant: { userToken, userId: me.ok ? me.value : null, scopes }, pages: pages.value });
}

/** Pages and their Instagram accounts as candidates, under the names that the form sends (`page:1`, `instagram:2`). */
export function facebookCandidates(
  pages: readonly FacebookPage[],
  { userId, scopes }: FacebookGrant,
  now: number,
): Map<string, Candidate> {
  const candidates = new Map<string, Candidate>();
  const ownerIds = userId === null ? [] : [userId];
  for (const { id, name, accessToken, instagram } of pages) {
    // A Page's token made from a lasting user token has no end.
    const shared = { login: "facebook", accessToken, issuedAt: now, ...(scopes === null ? {} : { scopes }) } as const;
    const page: NewConnection = { ...shared, platform: "page", ...(name === null ? {} : { username: name }) };
    candidates.set(`page:${id}`, { id, connection: page, ownerIds });
    if (instagram === null) continue;
    const username = instagram.username === null ? {} : { username: instagram.username };
    const linked: NewConnection = { ...shared, platform: "instagram", sendAs: id, ...username };
    candidates.set(`instagram:${instagram.id}`, { id: instagram.id, connection: linked, ownerIds });
  }
  return candidates;
}

/** Stores the account and subscribes to its events. Touches no other account. */
export async function connectAccount(
  { objects, log }: Pick<FlowPorts, "objects" | "log">,
  { id, connection, ownerIds }: Candidate,
): Promise<ConnectedAccount> {
  const { platform, login, scopes } = connection;
  const profile = await objects.account(id, (account) => account.link(id, connection));
  await objects.directory((directory) => directory.own(id, ownerIds));
  log("account_connected", { accountId: id });
  return {
    id,
    platform,
    login,
    name: profile.username,
    permissions: scopes === undefined ? null : permissionStates(login, platform, scopes),
    subscription: await subscribe(objects, id, connection),
  };
}

async function subscribe(
  objects: Objects,
  id: string,
  { login, platform, scopes }: NewConnection,
): Promise<ConnectedAccount["subscription"]> {
  let failure: NotSubscribed = { ok: false, code: "no_permission", again: "never" };
  for (const fields of wantedFields(login, platform, scopes ?? null)) {
    const request = { method: "POST", fields, add: login === "facebook", keepTrying: true } as const;
    const answer = await objects.account(id, (account) => account.subscribedApps(id, request));
    if (answer.ok) return { ok: true, fields };
    failure = notSubscribed(answer.error);
    if (!isUnknownField(answer.error)) break;
  }
  return failure;
}

/**
 * Only a parameter error, a field name that Meta does not know, justifies a shorter list. Any other problem is temporary or
 * gets fixed, and the daily maintenance of the account then requests the whole list.
 */
const isUnknownField = (error: SubscribedAppsError): boolean =>
  error.reason === "refused" && error.problem === "refused" && /^100(\/|$)/.test(error.code);

function notSubscribed(error: SubscribedAppsError): NotSubscribed {
  if (error.reason !== "refused") {
    return { ok: false, code: error.reason, again: error.reason === "unreachable" ? "soon" : "never" };
  }
  return { ok: false, code: error.code, again: error.problem === "throttled" ? "soon" : "daily" };
}

/** Runs a step that talks to our own objects; what they cannot do now becomes a page and not a stack. */
export async function guarded<T>(log: Log, run: () => Promise<T>): Promise<Result<T, ConnectFailure>> {
  try {
    return ok(await run());
  } catch (error) {
    log("connect_failed", { code: "unavailable", error: describe(error) });
    return err({ reason: "unavailable" });
  }
}

function failureOf(problem: OAuthProblem): ConnectFailure {
  return problem.reason === "unavailable" ? { reason: "meta_unavailable", code: problem.code } : problem;
}

function failureOfGraph(problem: GraphProblem): ConnectFailure {
  const unavailable = problem.reason === "unavailable" || problem.reason === "throttled";
  return { reason: unavailable ? "meta_unavailable" : "refused", code: problem.code };
}
