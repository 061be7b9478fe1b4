/** One account: its token, permissions, subscription, and what Meta's answers say about the app. Pure. */
import { explain } from "../../meta/errors/lookup.ts";
import { permissionStates } from "../../meta/oauth/permissions.ts";
import { ago } from "./deployment.ts";
import type { AccountFacts } from "./facts.ts";
import { fail, type Finding, good, note, warn } from "./finding.ts";
import { dashboard, LINKS } from "./links.ts";
import { neededFields } from "./needed-fields.ts";

/** The recipient has no role on the app: what Standard Access looks like from here. */
const STANDARD_ACCESS = ["200/2534048"];

export function examineAccount(facts: AccountFacts): Finding[] {
  const { profile } = facts.state;
  if (profile === null) {
    const fix = "Connect it, or unsubscribe the app from it at Meta.";
    return [
      fail(
        "connected",
        "The account is not connected: its events are kept, nothing is answered.",
        fix,
        LINKS.businessLogin,
      ),
    ];
  }
  return [
    token(facts),
    ...hold(facts),
    scopes(facts),
    ...fields(facts),
    secret(facts),
    events(facts),
    ...replies(facts),
  ];
}

function token({ state, now }: AccountFacts): Finding {
  const { token: known } = state;
  const again = "Connect the account again.";
  if (known === null) return fail("token", "No token is stored.", again, LINKS.businessLogin);
  switch (known.warning) {
    case "expired":
      return fail("token", "The token has expired.", again, LINKS.businessLogin);
    case "wrong_account":
      return fail(
        "token",
        "The token belongs to another account.",
        "Connect under the id that Meta's events carry (entry.id), with this account's own token.",
        LINKS.instagramWebhooks,
      );
    case "refused":
      return fail(
        "token",
        `Meta refuses the token${known.failure === null ? "" : ` (${known.failure})`}.`,
        again,
        LINKS.longLived,
      );
    case "expires_soon":
      return warn("token", "The token dies within seven days.", again, LINKS.businessLogin);
    case null:
  }
  if (known.checkedAt === null) {
    return known.failure === null
      ? note("token", "The token has not been checked yet.")
      : warn(
          "token",
          `Meta did not answer when the token was checked (${known.failure}).`,
          "Ask again in a moment.",
          null,
        );
  }
  const end = known.expiresAt === null ? "has no end" : `is good for another ${ago(known.expiresAt - now)}`;
  return good("token", `Meta accepts the token; it ${end}.`);
}

function hold({ state }: AccountFacts): Finding[] {
  const findings: Finding[] = [];
  if (state.hold !== null) {
    const { code, reason } = state.hold;
    const row = explain(code);
    findings.push(
      fail(
        "hold",
        `Nothing is sent: ${row?.meaning ?? reason} (${code})`,
        row?.advice ?? "Connect the account again.",
        LINKS.businessLogin,
      ),
    );
  }
  if (state.settings.sending !== "on") {
    const title =
      state.settings.sending === "paused" ? "Sending is paused." : "This is a dry run: replies are decided, not sent.";
    findings.push(warn("sending", title, "Switch sending on in the account's settings.", null));
  }
  return findings;
}

function scopes({ state }: AccountFacts): Finding {
  const { profile, token: known } = state;
  if (profile === null || known?.scopes == null) {
    return note(
      "scopes",
      "Meta has not said which permissions this token has.",
      "Log in through /connect instead of pasting a token, to have them checked.",
      LINKS.permissions,
    );
  }
  const missing = permissionStates(profile.login, profile.platform, known.scopes).filter(({ granted }) => !granted);
  if (missing.length === 0) return good("scopes", "Every permission is granted.");
  const names = missing.map(({ name }) => name).join(", ");
  const fix = "Connect again and leave every switch on; for accounts of others the permissions need Advanced Access.";
  const required = missing.some((permission) => permission.required);
  return (required ? fail : warn)("scopes", `Not granted: ${names}.`, fix, LINKS.permissions);
}

function fields({ state, automations, apps, appFields, metaAppId }: AccountFacts): Finding[] {
  const { profile } = state;
  if (profile === null) return [];
  const { fields: needed, impossible } = neededFields(profile.login, profile.platform, automations);
  const findings: Finding[] = [];
  if (impossible.length > 0) {
    const fix = "Give them another trigger, or switch them off.";
    findings.push(
      warn(
        "triggers",
        `These automations wait for events that this account never has: ${impossible.join(", ")}.`,
        fix,
        LINKS.messengerWebhooks,
      ),
    );
  }
  if (automations.every(({ enabled }) => !enabled)) {
    findings.push(
      note(
        "automations",
        "No automation is switched on: events are kept, nothing is answered.",
        "Write one in the console.",
        null,
      ),
    );
  }
  if (!apps.ok) {
    findings.push(
      apps.error.reason === "refused"
        ? warn(
            "fields",
            `Meta does not say what is subscribed (${apps.error.code}).`,
            explain(apps.error.code)?.advice ?? "Connect the account again.",
            LINKS.instagramWebhooks,
          )
        : note("fields", "What is subscribed could not be asked."),
    );
    return findings;
  }
  const subscribed = apps.value.apps.flatMap((app) => app.fields);
  if (subscribed.length === 0) {
    const fix = "Connect the account again, or POST the fields to its subscriptions.";
    findings.push(fail("fields", "Meta sends no events of this account.", fix, LINKS.instagramWebhooks));
    return findings;
  }
  // Behind a Page, Instagram's own fields are switched on for the whole app, in the dashboard.
  const throughPage = profile.platform === "instagram" && profile.login === "facebook";
  const present = throughPage ? appFields : subscribed;
  if (present === null) {
    const fix = "Make sure in the App Dashboard, Webhooks, Instagram, that they are switched on.";
    findings.push(
      note(
        "fields",
        `Needed for the whole app: ${needed.join(", ") || "nothing yet"}.`,
        fix,
        dashboard(metaAppId, "webhooks"),
      ),
    );
    return findings;
  }
  const missing = needed.filter((field) => !present.includes(field));
  findings.push(
    missing.length === 0
      ? good("fields", `Meta sends: ${present.join(", ")}.`)
      : fail(
          "fields",
          `An automation waits for what is not subscribed: ${missing.join(", ")}.`,
          throughPage
            ? "Switch them on in the App Dashboard, Webhooks, Instagram."
            : "POST them, with those that are there, to the account's subscriptions.",
          throughPage ? dashboard(metaAppId, "webhooks") : LINKS.instagramWebhooks,
        ),
  );
  const kept = state.subscription;
  if (kept?.state === "refused") {
    const advice = kept.code === null ? null : explain(kept.code)?.advice;
    findings.push(
      warn(
        "repair",
        `The subscription could not be made again (${kept.code ?? "refused"}).`,
        advice ?? "Connect the account again.",
        LINKS.instagramWebhooks,
      ),
    );
  }
  return findings;
}

function secret({ state, proof, metaAppId }: AccountFacts): Finding {
  if (proof === null) {
    return note(
      "secret",
      "No delivery has shown yet which app secret signs this account's events.",
      "Instagram Login is signed with the Instagram app secret, everything else with the one of App settings, Basic: have both in META_APP_SECRETS.",
      LINKS.validating,
    );
  }
  const viaInstagram = state.profile?.login === "instagram";
  const named = /^(instagram|meta|facebook)/i.exec(proof.secret)?.[0].toLowerCase();
  if (named !== undefined && (named === "instagram") !== viaInstagram) {
    return warn(
      "secret",
      `The last delivery was signed with the secret labelled ${proof.secret}, which is not this login's.`,
      "Swap the labels in META_APP_SECRETS: Instagram Login needs the Instagram app secret under instagram:.",
      dashboard(metaAppId, "settings/basic"),
    );
  }
  return good("secret", `The last delivery was signed with the secret labelled ${proof.secret}.`);
}

function events({ state, now }: AccountFacts): Finding {
  const { lastEventAt, profile } = state;
  if (lastEventAt !== null) return good("last_event", `The last event came ${ago(now - lastEventAt)} ago.`);
  const since = profile === null ? "" : ` since it was connected ${ago(now - profile.connectedAt)} ago`;
  return note(
    "last_event",
    `No event has arrived${since}.`,
    "Comment from another account that has a role on the app; the app must be Live, comments need a public account and Advanced Access, and messages the switch Connected Tools, Allow access to messages.",
    LINKS.instagramWebhooks,
  );
}

function replies({ state, now, refusals, metaAppId }: AccountFacts): Finding[] {
  const findings: Finding[] = [];
  if (state.lastReplyAt !== null)
    findings.push(good("last_reply", `The last reply was sent ${ago(now - state.lastReplyAt)} ago.`));
  if (state.replies.uncertain > 0) {
    const title = `Of ${state.replies.uncertain} replies nobody knows whether they were sent.`;
    findings.push(warn("uncertain", title, "Look at them in the console, and say what happened.", null));
  }
  const codes = [...new Set(refusals)];
  if (codes.some((code) => STANDARD_ACCESS.includes(code))) {
    findings.push(
      fail(
        "access_level",
        "Meta refuses replies to people without a role on the app: it has Standard Access only, or is not Live.",
        "Switch the app to Live, and ask for Advanced Access in App Review (docs/app-review.md).",
        LINKS.accessLevels,
      ),
    );
  }
  for (const code of codes.filter((one) => !STANDARD_ACCESS.includes(one))) {
    const row = explain(code);
    if (row === null) continue;
    const link = row.action.do === "hold" ? dashboard(metaAppId, "roles/roles") : null;
    findings.push(note("refused", `Meta has refused replies: ${row.meaning} (${code})`, row.advice, link));
  }
  return findings;
}
