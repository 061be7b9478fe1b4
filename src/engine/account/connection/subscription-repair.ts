/**
 * Checks once a day, and after an outage, that Meta still sends the wanted webhook fields. After an hour of failed
 * deliveries Meta removes the subscription without notice. The current subscription is compared with the wanted fields,
 * and missing fields are subscribed again.
 * https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks
 */
import { HOUR_MS } from "../../../core/time.ts";
import type { GraphProblem } from "../../../meta/graph/response.ts";
import type { Subscription } from "../../../meta/graph/reading.ts";
import { describe } from "../../log.ts";
import type { AccountPorts } from "../ports.ts";
import { getValue, setValue, type SubscriptionRecord } from "../tables/settings.ts";
import { openToken } from "./token.ts";
import { subscriptionCheckAt } from "../next-check.ts";

/**
 * After an outage all accounts are checked. The checks are spread, so that Meta does not get thousands of calls in one
 * second.
 */
const AUDIT_SPREAD_MS = 10 * 60_000;

/** After a login call without a response. The retry is soon, because no event arrives until then. */
const AFTER_SILENCE_MS = 10 * 60_000;

/** Schedules a check of the subscription within the next minutes, because it may have changed. */
export function auditSubscription(ports: AccountPorts): void {
  const record = getValue(ports.sql, "subscription");
  if (record === null) return;
  const askAt = ports.now() + Math.round(ports.random() * AUDIT_SPREAD_MS);
  setValue(ports.sql, "subscription", { ...record, askAt });
}

/** Stores the fields that must be subscribed from now on. Null: none, on purpose. */
export function wantFields(ports: AccountPorts, fields: string[] | null): void {
  const now = ports.now();
  const record: SubscriptionRecord | null =
    fields === null
      ? null
      : { wanted: fields, setAt: now, checkedAt: now, askAt: null, state: "ok", missing: [], code: null };
  setValue(ports.sql, "subscription", record);
}

/** Stores the fields that Meta did not accept. The retry is in some minutes, or tomorrow if Meta refused them. */
export function wantRefusedFields(ports: AccountPorts, fields: string[], problem: GraphProblem): void {
  const now = ports.now();
  const passing = problem.reason === "unavailable" || problem.reason === "throttled";
  setValue(ports.sql, "subscription", {
    wanted: fields,
    setAt: now,
    checkedAt: null,
    askAt: passing ? now + AFTER_SILENCE_MS : null,
    state: passing ? "missing" : "refused",
    missing: fields,
    code: problem.code,
  });
}

/** Compares and repairs the subscription if the check is due. Never throws for errors of Meta. */
export async function repairSubscription(ports: AccountPorts, accountId: string): Promise<void> {
  const dueAt = subscriptionCheckAt(ports.sql);
  const record = getValue(ports.sql, "subscription");
  const profile = getValue(ports.sql, "profile");
  if (dueAt === null || record === null || profile === null || ports.now() < dueAt) return;
  // The next check is scheduled first, so that a call that hangs or throws is not repeated without a pause.
  const later = { ...record, askAt: ports.now() + HOUR_MS };
  setValue(ports.sql, "subscription", later);
  const opened = await openToken(ports, accountId);
  if (opened.kind !== "token" || getValue(ports.sql, "hold")?.problem === "token") return;

  const settle = (state: SubscriptionRecord["state"], missing: string[], code: string | null): void => {
    const latest = getValue(ports.sql, "subscription");
    // Another request may have changed the wanted fields during the call.
    if (latest === null || latest.setAt !== record.setAt) return;
    setValue(ports.sql, "subscription", { ...latest, state, missing, code, checkedAt: ports.now(), askAt: null });
    if (state === "repaired") ports.log("subscription_repaired", { accountId, count: missing.length });
    if (state === "missing" || state === "refused") {
      ports.log("subscription_missing", { accountId, count: missing.length, code: code ?? "" });
    }
  };
  const list = () => ports.graph.subscriptions(profile, opened.token, { method: "GET" });
  const missingIn = (apps: readonly Subscription[]): string[] => {
    const present = ownFields(ports, apps, profile.login === "instagram");
    return record.wanted.filter((field) => !present.includes(field));
  };
  try {
    const before = await list();
    if (!before.ok) {
      if (before.error.reason === "refused" || before.error.reason === "account")
        settle("refused", [], before.error.code);
      return;
    }
    const missing = missingIn(before.value);
    if (missing.length === 0) return settle("ok", [], null);
    // The request includes the present fields: a Page's subscription may also serve its Instagram account.
    const fields = [...new Set([...ownFields(ports, before.value, false), ...record.wanted])];
    const repair = await ports.graph.subscriptions(profile, opened.token, { method: "POST", fields });
    if (!repair.ok) {
      if (repair.error.reason !== "unavailable" && repair.error.reason !== "throttled") {
        settle("refused", missing, repair.error.code);
      }
      return;
    }
    const after = await list();
    const left = after.ok ? missingIn(after.value) : [];
    settle(left.length === 0 ? "repaired" : "missing", left.length === 0 ? missing : left, null);
  } catch (error) {
    ports.log("sender_unreachable", { accountId, error: describe(error) });
  }
}

/** @param any use every listed app: Instagram Login lists our own app only, under an id that Meta does not document */
export function ownFields(
  ports: Pick<AccountPorts, "config">,
  apps: readonly { appId: string | null; fields: string[] }[],
  any: boolean,
): string[] {
  const own = apps.filter(({ appId }) => any || appId === null || ports.config.appIds.includes(appId));
  return own.flatMap(({ fields }) => fields);
}
