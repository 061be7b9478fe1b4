/** One account: its token, permissions, subscription, and what Meta's answers say about the app. Pure. */
import { explain } from "../../meta/errors/lookup.ts";
import { TOKEN_UNREADABLE, WRONG_ACCOUNT } from "../account/connection/token-schedule.ts";
import { ago, fail, good, note, warn } from "./finding.ts";
import type { AccountFacts } from "./facts.ts";
import { examineFields } from "./fields.ts";
import type { Finding } from "../../api/doctor.ts";
import { dashboard, LINKS } from "./links.ts";
import { examineScopes, examineToken, UNREADABLE_FIX, WRONG_ACCOUNT_FIX } from "./token.ts";

/** The recipient has no role on the app: what Standard Access looks like from here. */
const STANDARD_ACCESS = ["200/2534048"];

/** What to do about a hold that is not Meta's but our own, and where. */
const OWN_HOLDS: Readonly<Record<string, readonly [fix: string, link: string]>> = {
  [TOKEN_UNREADABLE]: [UNREADABLE_FIX, LINKS.secrets],
  [WRONG_ACCOUNT]: [WRONG_ACCOUNT_FIX, LINKS.instagramWebhooks],
};

/** One that is not connected has that finding and no other. */
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
    examineToken(facts),
    ...hold(facts),
    examineScopes(facts),
    ...examineFields(facts),
    secret(facts),
    events(facts),
    ...replies(facts),
  ];
}

function hold({ state }: AccountFacts): Finding[] {
  const findings: Finding[] = [];
  if (state.hold !== null) {
    const { code, reason } = state.hold;
    const row = explain(code);
    const [fix, link] = OWN_HOLDS[code] ?? [row?.advice ?? "Connect the account again.", LINKS.businessLogin];
    findings.push(fail("hold", `Nothing is sent: ${row?.meaning ?? reason} (${code})`, fix, link));
  }
  if (state.settings.sending !== "on") {
    const title =
      state.settings.sending === "paused" ? "Sending is paused." : "This is a dry run: replies are decided, not sent.";
    findings.push(warn("sending", title, "Switch sending on in the account's settings.", null));
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
