/**
 * Once a day, and after an outage: does Meta still send what was asked for? After an hour of failed deliveries Meta takes
 * the subscription away without a word to us, so it is compared with what was wanted, and made again where it is gone.
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

/** After an outage all accounts are asked; spread out, so that Meta does not get thousands of calls in one second. */
const AUDIT_SPREAD_MS = 10 * 60_000;

/** After a login that got no answer: soon, because until then no event comes. */
const AFTER_SILENCE_MS = 10 * 60_000;

/** Something may have happened to the subscription: it is compared in the next minutes. */
export function auditSubscription(ports: AccountPorts): void {
  const record = getValue(ports.sql, "subscription");
  if (record === null) return;
  const askAt = ports.now() + Math.round(ports.random() * AUDIT_SPREAD_MS);
  setValue(ports.sql, "subscription", { ...record, askAt });
}

/** Remembers what is to be subscribed from now on; null: nothing, on purpose. */
export function wantFields(ports: AccountPorts, fields: string[] | null): void {
  const now = ports.now();
  const record: SubscriptionRecord | null =
    fields === null
      ? null
      : { wanted: fields, setAt: now, checkedAt: now, askAt: null, state: "ok", missing: [], code: null };
  setValue(ports.sql, "subscription", record);
}

/** Remembers what Meta did not take just now: asked for again in the next minutes, or tomorrow if Meta said no. */
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

/** Compares, and repairs, if it is time. Never throws for what Meta does. */
export async function repairSubscription(ports: AccountPorts, accountId: string): Promise<void> {
  const dueAt = subscriptionCheckAt(ports.sql);
  const record = getValue(ports.sql, "subscription");
  const profile = getValue(ports.sql, "profile");
  if (dueAt === null || record === null || profile === null || ports.now() < dueAt) return;
  // Its next time comes first: a call that hangs or throws must not come round without a pause.
  const later = { ...record, askAt: ports.now() + HOUR_MS };
  setValue(ports.sql, "subscription", later);
  const opened = await openToken(ports, accountId);
  if (opened.kind !== "token" || getValue(ports.sql, "hold")?.problem === "token") return;

  const settle = (state: SubscriptionRecord["state"], missing: string[], code: string | null): void => {
    const latest = getValue(ports.sql, "subscription");
    // Somebody may have asked for other fields meanwhile.
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
    // Together with what is there: a Page's subscription may also serve the Instagram account behind it.
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

/** @param any Instagram Login lists our own app only, under an id that Meta's pages do not name */
export function ownFields(
  ports: Pick<AccountPorts, "config">,
  apps: readonly { appId: string | null; fields: string[] }[],
  any: boolean,
): string[] {
  const own = apps.filter(({ appId }) => any || appId === null || ports.config.appIds.includes(appId));
  return own.flatMap(({ fields }) => fields);
}
