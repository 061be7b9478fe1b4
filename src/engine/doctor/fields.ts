/** What Meta sends of the account, against what its automations wait for. Pure. */
import { explain } from "../../meta/errors/lookup.ts";
import type { Profile } from "../../api/account.ts";
import type { AccountFacts } from "./facts.ts";
import { fail, good, note, warn } from "./finding.ts";
import { type Finding } from "../../api/doctor.ts";
import { dashboard, LINKS } from "./links.ts";
import { echoField, neededFields } from "./needed-fields.ts";
import { WRONG_ACCOUNT_FIX } from "./token.ts";

export function examineFields(facts: AccountFacts): Finding[] {
  const { profile } = facts.state;
  if (profile === null) return [];
  const { fields, impossible } = neededFields(profile.login, profile.platform, facts.automations);
  return [...triggers(facts, impossible), ...subscribed(facts, profile, fields), ...repair(facts)];
}

function triggers({ automations }: AccountFacts, impossible: readonly string[]): Finding[] {
  const findings: Finding[] = [];
  if (impossible.length > 0) {
    const title = `These automations wait for events that this account never has: ${impossible.join(", ")}.`;
    findings.push(warn("triggers", title, "Give them another trigger, or switch them off.", LINKS.messengerWebhooks));
  }
  if (automations.every(({ enabled }) => !enabled)) {
    const title = "No automation is switched on: events are kept, nothing is answered.";
    findings.push(note("automations", title, "Write one in the console.", null));
  }
  return findings;
}

function subscribed(
  { state, apps, appFields, metaAppId }: AccountFacts,
  profile: Profile,
  needed: string[],
): Finding[] {
  if (!apps.ok) {
    if (apps.error.reason !== "refused") return [note("fields", "What is subscribed could not be asked.")];
    const title = `Meta does not say what is subscribed (${apps.error.code}).`;
    const fix = state.token?.warning === "wrong_account" ? WRONG_ACCOUNT_FIX : adviceFor(apps.error.code);
    return [warn("fields", title, fix, LINKS.instagramWebhooks)];
  }
  // A Page lists every app that is subscribed to it; Instagram Login ours only, under an id that Meta's pages do not name.
  const own = apps.value.apps.filter(
    ({ appId }) => profile.login === "instagram" || appId === null || appId === metaAppId,
  );
  const listed = own.flatMap((app) => app.fields);
  if (listed.length === 0) {
    const fix = "Connect the account again, or POST the fields to its subscriptions.";
    return [fail("fields", "Meta sends no events of this account.", fix, LINKS.instagramWebhooks)];
  }
  // Behind a Page, Instagram's own fields are switched on for the whole app, in the dashboard.
  const throughPage = profile.platform === "instagram" && profile.login === "facebook";
  const present = throughPage ? appFields : listed;
  if (present === null) {
    const title = `Needed for the whole app: ${needed.join(", ") || "nothing yet"}.`;
    const fix = "Make sure in the App Dashboard, Webhooks, Instagram, that they are switched on.";
    return [note("fields", title, fix, dashboard(metaAppId, "webhooks"))];
  }
  const [fix, link] = throughPage
    ? ["Switch them on in the App Dashboard, Webhooks, Instagram.", dashboard(metaAppId, "webhooks")]
    : ["POST them, with those that are there, to the account's subscriptions.", LINKS.instagramWebhooks];
  const missing = needed.filter((field) => !present.includes(field));
  const title = `An automation waits for what is not subscribed: ${missing.join(", ")}.`;
  return [
    missing.length === 0 ? good("fields", `Meta sends: ${present.join(", ")}.`) : fail("fields", title, fix, link),
    ...echoes(echoField(profile.login, profile.platform, state.token?.scopes ?? null), present, fix, link),
  ];
}

function echoes(field: string | null, present: readonly string[], fix: string, link: string): Finding[] {
  if (field === null || present.includes(field)) return [];
  const title = `${field} is not subscribed, so Replyline does not see when a person answers, nor that an uncertain reply has arrived.`;
  return [warn("echoes", title, fix, link)];
}

/** What became of Replyline's own attempt to have the subscription as it was wanted. */
function repair({ state }: AccountFacts): Finding[] {
  const kept = state.subscription;
  if (kept?.state !== "refused") return [];
  const title = `Meta has refused the subscription (${kept.code ?? "refused"}); it is tried again once a day.`;
  const fix = state.token?.warning === "wrong_account" ? WRONG_ACCOUNT_FIX : adviceFor(kept.code ?? "");
  return [warn("repair", title, fix, LINKS.instagramWebhooks)];
}

/** The table of codes has advice for replies; what it says of token, permissions and account holds here too. */
function adviceFor(code: string): string {
  const row = explain(code);
  if (row?.action.do === "hold") return row.advice;
  if (row?.action.do === "throttle") return "Ask again in a few minutes.";
  return "Connect the account again, with a token of its own that may manage it.";
}
