/** One account: its token, permissions, subscription, and what Meta's answers say about the app. Pure. */
import type { EventKind } from "../../core/event.ts";
import { DAY_MS } from "../../core/time.ts";
import { explain } from "../../meta/errors/lookup.ts";
import { TOKEN_UNREADABLE, WRONG_ACCOUNT } from "../account/connection/token-schedule.ts";
import { ago, fail, good, note, warn } from "./finding.ts";
import type { AccountFacts } from "./facts.ts";
import { examineFields } from "./fields.ts";
import type { Finding } from "../../api/doctor.ts";
import { dashboard, LINKS } from "./links.ts";
import { examineScopes, examineToken, UNREADABLE_FIX, WRONG_ACCOUNT_FIX } from "./token.ts";

/** The recipient has no role on the app: the sign of Standard Access. */
const STANDARD_ACCESS = ["200/2534048"];

/** The reason of a hold after different replies were refused with one code. */
const SAME_REFUSAL = "same_refusal";

/** What to do about a hold that is not Meta's but our own, and where. */
const OWN_HOLDS: Readonly<Record<string, readonly [fix: string, link: string]>> = {
  [TOKEN_UNREADABLE]: [UNREADABLE_FIX, LINKS.secrets],
  [WRONG_ACCOUNT]: [WRONG_ACCOUNT_FIX, LINKS.instagramWebhooks],
  [SAME_REFUSAL]: [
    "Meta refused several different replies in a row with this code, so the cause is the app or the account and not one reply. Check the permissions and App Review. Check that META_APP_SECRETS has the secret of this app if Require App Secret is on. Check the text and the link that the replies share. Waiting replies are kept, and sending starts again when the hold ends.",
    LINKS.requireAppSecret,
  ],
};

/** One that is not connected has that finding and no other. */
export function examineAccount(facts: AccountFacts): Finding[] {
  const { profile } = facts.state;
  if (profile === null) {
    const fix = "Connect the account, or unsubscribe the app from it at Meta.";
    return [
      fail(
        "connected",
        "The account is not connected. Events are recorded, but no replies are sent.",
        fix,
        LINKS.businessLogin,
      ),
    ];
  }
  return [
    examineToken(facts),
    ...hold(facts),
    examineScopes(facts),
    ...examineFields(facts),
    secret(facts),
    events(facts),
    ...standby(facts),
    ...automaticReplies(facts),
    ...publicReplyLimit(facts),
    ...missed(facts),
    ...replies(facts),
  ];
}

function hold({ state }: AccountFacts): Finding[] {
  const findings: Finding[] = [];
  if (state.hold !== null) {
    const { code, reason } = state.hold;
    const row = explain(code);
    const [fix, link] = OWN_HOLDS[reason] ??
      OWN_HOLDS[code] ?? [row?.advice ?? "Connect the account again.", LINKS.businessLogin];
    findings.push(fail("hold", `Sending is on hold: ${row?.meaning ?? reason} (code ${code})`, fix, link));
  }
  if (state.settings.sending !== "on") {
    const title =
      state.settings.sending === "paused"
        ? "Sending is paused for this account."
        : "Dry run is on: replies are created, but not sent.";
    findings.push(
      warn("sending", title, "Resume sending on the account's page in the console, or in its settings.", null),
    );
  }
  return findings;
}

function secret({ state, proof, metaAppId }: AccountFacts): Finding {
  if (proof === null) {
    return note(
      "secret",
      "No delivery for this account has arrived yet, so its app secret is not confirmed.",
      "Put both app secrets into META_APP_SECRETS: the Instagram app secret signs the events of Instagram Login, the secret under App settings, Basic signs all others.",
      LINKS.validating,
    );
  }
  const viaInstagram = state.profile?.login === "instagram";
  const named = /^(instagram|meta|facebook)/i.exec(proof.secret)?.[0].toLowerCase();
  if (named !== undefined && (named === "instagram") !== viaInstagram) {
    return warn(
      "secret",
      `The last delivery was signed with the secret labelled ${proof.secret}, which belongs to the other login.`,
      "Swap the labels in META_APP_SECRETS: the Instagram app secret must have the label instagram:.",
      dashboard(metaAppId, "settings/basic"),
    );
  }
  return good("secret", `The last delivery was signed with the secret labelled ${proof.secret}.`);
}

function events({ state, now }: AccountFacts): Finding {
  const { lastEventAt, profile } = state;
  if (lastEventAt !== null) return good("last_event", `The last event arrived ${ago(now - lastEventAt)} ago.`);
  const since = profile === null ? "" : ` since the account was connected ${ago(now - profile.connectedAt)} ago`;
  return note(
    "last_event",
    `No event has arrived${since}.`,
    "Write a comment from another account that has a role on the app. The app must be Live. Comments need a public account and Advanced Access. Messages need the switch Connected Tools, Allow access to messages.",
    LINKS.instagramWebhooks,
  );
}

/** Fewer may be one conversation that another app has. */
const STANDBY_EVENTS = 3;

/** Messages that an app gets whose turn it is. */
const OWN_TURN: ReadonlySet<EventKind> = new Set(["message", "postback", "reaction"]);

function standby({ recentKinds }: AccountFacts): Finding[] {
  const onStandby = recentKinds.filter((kind) => kind === "standby").length;
  if (onStandby < STANDBY_EVENTS || recentKinds.some((kind) => OWN_TURN.has(kind))) return [];
  return [
    warn(
      "standby",
      "All messages arrive on standby: another app, or Meta's own agent, has the conversations. Automations do not answer messages.",
      "Make this app the primary receiver in the Page's or account's settings, under Advanced messaging, or turn off the other app or Meta's agent.",
      LINKS.handover,
    ),
  ];
}

/** Older ones say nothing about today. */
const RECENT_MS = 7 * DAY_MS;

function automaticReplies({ state, now }: AccountFacts): Finding[] {
  const seen = state.automaticReplies;
  if (seen === null || now - seen.at > RECENT_MS) return [];
  const times = seen.count === 1 ? "1 reply" : `${seen.count} replies`;
  return [
    warn(
      "automatic_replies",
      `Meta's own automatic reply is on: ${times}, the last ${ago(now - seen.at)} ago. People get it in addition to the replies of automations.`,
      "Turn off instant replies, away messages and FAQs in Meta Business Suite, under Inbox, Automations. If a person writes these texts, add them to takeover.personTexts in the settings.",
      null,
    ),
  ];
}

function publicReplyLimit({ state, now }: AccountFacts): Finding[] {
  const reached = state.publicReplyLimit;
  if (reached === null || now - reached.at > RECENT_MS) return [];
  const times = reached.count === 1 ? "once" : `${reached.count} times`;
  return [
    warn(
      "public_reply_limit",
      `Public replies reached their limit ${times} in a day, the last time ${ago(now - reached.at)} ago. Is something answering itself?`,
      "Look at the comments under the post: another bot may answer the public replies. If the limit is too low for this account, raise publicReplies.perThreadPerHour and publicReplies.perPersonPerHour in the settings.",
      null,
    ),
  ];
}

/** What Meta did not deliver this week, and where Replyline cannot look for it. */
function missed({ state }: AccountFacts): Finding[] {
  const { found, reconcile } = state;
  const findings: Finding[] = [];
  if (found.events > 0) {
    const [part, total] = [found.events, found.total].map((count) => count.toLocaleString("en"));
    findings.push(
      note(
        "found",
        `${part} of ${total} events were not delivered by Meta this week. Replyline found them.`,
        "Nothing to do if they are few. If they are many, check the subscription of the webhook fields above.",
        LINKS.instagramWebhooks,
      ),
    );
  }
  for (const read of ["comments", "messages"] as const) {
    const code = reconcile.refused[read];
    if (code === null || !state.settings.reconcile.enabled) continue;
    findings.push(
      note(
        "reconcile",
        `Meta refuses to let Replyline read ${read} (code ${code}), so ${read} that Meta does not deliver are not found.`,
        `Grant the permission to manage ${read}, then connect the account again.`,
        LINKS.businessLogin,
      ),
    );
  }
  return findings;
}

function replies({ state, now, refusals, metaAppId }: AccountFacts): Finding[] {
  const findings: Finding[] = [];
  if (state.lastReplyAt !== null)
    findings.push(good("last_reply", `The last reply was sent ${ago(now - state.lastReplyAt)} ago.`));
  if (state.replies.uncertain > 0) {
    const title = `${state.replies.uncertain === 1 ? "1 reply has" : `${state.replies.uncertain} replies have`} an unknown delivery status.`;
    findings.push(warn("uncertain", title, "Resolve them in the console, under Replies, Uncertain.", null));
  }
  const codes = [...new Set(refusals)];
  if (codes.some((code) => STANDARD_ACCESS.includes(code))) {
    findings.push(
      fail(
        "access_level",
        "Meta rejects replies to people without a role on the app: the app has only Standard Access, or is not Live.",
        "Switch the app to Live and request Advanced Access in App Review (docs/app-review.md).",
        LINKS.accessLevels,
      ),
    );
  }
  for (const code of codes.filter((one) => !STANDARD_ACCESS.includes(one))) {
    const row = explain(code);
    if (row === null) continue;
    const link = row.action.do === "hold" ? dashboard(metaAppId, "roles/roles") : null;
    findings.push(note("refused", `Meta has rejected replies: ${row.meaning} (code ${code})`, row.advice, link));
  }
  return findings;
}
