/** The webhook fields that Meta sends for the account, compared with those that its automations need. Pure. */
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
    const title = `The trigger of these automations does not exist for this kind of account: ${impossible.join(", ")}.`;
    findings.push(warn("triggers", title, "Change the trigger, or turn the automations off.", LINKS.messengerWebhooks));
  }
  if (automations.every(({ enabled }) => !enabled)) {
    const title = "No automation is turned on. Events are recorded, but no replies are sent.";
    findings.push(note("automations", title, "Create an automation in the console.", null));
  }
  return findings;
}

function subscribed(
  { state, apps, appFields, metaAppId }: AccountFacts,
  profile: Profile,
  needed: string[],
): Finding[] {
  if (!apps.ok) {
    if (apps.error.reason !== "refused")
      return [note("fields", "The subscribed webhook fields could not be read from Meta.")];
    const title = `Meta does not list the subscribed webhook fields (${apps.error.code}).`;
    const fix = state.token?.warning === "wrong_account" ? WRONG_ACCOUNT_FIX : adviceFor(apps.error.code);
    return [warn("fields", title, fix, LINKS.instagramWebhooks)];
  }
  // A Page lists every app that is subscribed to it; Instagram Login ours only, under an id that Meta's pages do not name.
  const own = apps.value.apps.filter(
    ({ appId }) => profile.login === "instagram" || appId === null || appId === metaAppId,
  );
  const listed = own.flatMap((app) => app.fields);
  if (listed.length === 0) {
    const fix = "Connect the account again, or send the fields with POST /api/accounts/{id}/subscriptions.";
    return [
      fail(
        "fields",
        "Meta sends no events for this account: no webhook field is subscribed.",
        fix,
        LINKS.instagramWebhooks,
      ),
    ];
  }
  // Behind a Page, Instagram's own fields are switched on for the whole app, in the dashboard.
  const throughPage = profile.platform === "instagram" && profile.login === "facebook";
  const present = throughPage ? appFields : listed;
  if (present === null) {
    const title = `Webhook fields needed for the whole app: ${needed.join(", ") || "none yet"}.`;
    const fix = "Check that they are turned on in the App Dashboard under Webhooks, Instagram.";
    return [note("fields", title, fix, dashboard(metaAppId, "webhooks"))];
  }
  const [fix, link] = throughPage
    ? ["Turn on what is missing in the App Dashboard under Webhooks, Instagram.", dashboard(metaAppId, "webhooks")]
    : [
        "Subscribe what is missing with POST /api/accounts/{id}/subscriptions, together with the existing fields.",
        LINKS.instagramWebhooks,
      ];
  const missing = needed.filter((field) => !present.includes(field));
  const title = `Automations need webhook fields that are not subscribed: ${missing.join(", ")}.`;
  return [
    missing.length === 0
      ? good("fields", `Subscribed webhook fields: ${present.join(", ")}.`)
      : fail("fields", title, fix, link),
    ...echoes(echoField(profile.login, profile.platform, state.token?.scopes ?? null), present, fix, link),
  ];
}

function echoes(field: string | null, present: readonly string[], fix: string, link: string): Finding[] {
  if (field === null || present.includes(field)) return [];
  const title = `The webhook field ${field} is not subscribed. Replyline cannot detect that a person has replied, or that an uncertain reply was delivered.`;
  return [warn("echoes", title, fix, link)];
}

/** The result of Replyline's own attempt to restore the subscription. */
function repair({ state }: AccountFacts): Finding[] {
  const kept = state.subscription;
  if (kept?.state !== "refused") return [];
  const title = `Meta has rejected the subscription (${kept.code ?? "refused"}). It is retried once a day.`;
  const fix = state.token?.warning === "wrong_account" ? WRONG_ACCOUNT_FIX : adviceFor(kept.code ?? "");
  return [warn("repair", title, fix, LINKS.instagramWebhooks)];
}

/** The table of codes has advice for replies; what it says of token, permissions and account holds here too. */
function adviceFor(code: string): string {
  const row = explain(code);
  if (row?.action.do === "hold") return row.advice;
  if (row?.action.do === "throttle") return "Run the checks again in a few minutes.";
  return "Connect the account again with its own token, which must have permission to manage it.";
}
