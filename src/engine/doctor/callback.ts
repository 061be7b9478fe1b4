/** The callback URL: reachable, passes the handshake, accepts signatures, registered at Meta. Pure. */
import type { AppCallback, DeploymentFacts } from "./facts.ts";
import { fail, good, note, warn } from "./finding.ts";
import { type Finding } from "../../api/doctor.ts";
import { dashboard, LINKS } from "./links.ts";

/** With mTLS every caller without a client certificate gets 403: handshake and signatures cannot be checked. */
export function examineCallback(facts: DeploymentFacts): Finding[] {
  const tried = turnsAllAway(facts) ? [turnedAway(facts)] : [verification(facts), ...signatures(facts)];
  return [reachable(facts), ...tried, registered(facts)];
}

/** The receiver never returns 403 for a signature, right or wrong: a 403 comes from something in front of it. */
const turnsAllAway = ({ handshake, deliveries }: DeploymentFacts): boolean =>
  [handshake, ...deliveries.map(({ answer }) => answer)].every(
    (answer) => answer.kind === "answer" && answer.status === 403,
  ) && deliveries.length > 0;

/** Expected where Meta's client certificate is required, which we do not have; events that arrive confirm it. */
function turnedAway({ origin, health }: DeploymentFacts): Finding {
  const id = "callback_handshake";
  const title = `${origin}/webhooks returns 403 to the doctor, so that the handshake and the app secrets cannot be checked.`;
  return health.lastEventAt === null
    ? warn(
        id,
        title,
        "If REQUIRE_MTLS is on, check Cloudflare's mTLS settings and Meta's CA (see mTLS in the docs). If it is off, remove the firewall rule for /webhooks.",
        LINKS.mtls,
      )
    : note(id, title, "This is expected with REQUIRE_MTLS on: events have arrived.", LINKS.mtls);
}

function reachable({ healthz, origin }: DeploymentFacts): Finding {
  const id = "callback_reachable";
  if (healthz.kind === "unreachable") {
    return fail(
      id,
      `${origin} cannot be reached.`,
      "Set PUBLIC_URL to the address that Meta calls. It needs a valid certificate and no login in front of it.",
      LINKS.domains,
    );
  }
  if (healthz.status === 200) return good(id, `${origin} is reachable and the receiver is configured.`);
  if (healthz.status === 503) {
    const missing = /META_[A-Z_]+|[A-Z]+_[A-Z_]+/.exec(healthz.body)?.[0] ?? "a secret";
    return fail(id, `The receiver has no ${missing}.`, `Run: npx wrangler secret put ${missing}`, LINKS.secrets);
  }
  return fail(
    id,
    `${origin}/healthz returns ${healthz.status}: another service responds in front of the receiver.`,
    "Remove redirects, challenges and caches for this address, or set PUBLIC_URL to the correct address.",
    LINKS.domains,
  );
}

function verification({ handshake: answer, challenge, origin }: DeploymentFacts): Finding {
  const id = "callback_handshake";
  const url = `${origin}/webhooks`;
  const fix = "Use the same META_VERIFY_TOKEN for both Workers and in the App Dashboard.";
  if (answer.kind === "unreachable") {
    return fail(id, `${url} does not respond.`, "Fix the reachability problem above first.", LINKS.verification);
  }
  if (challenge === null) {
    // Without the token we can only check that a wrong one is rejected.
    return answer.status === 403
      ? good(
          id,
          `${url} responds to Meta's handshake. To let the doctor check the verify token itself, set META_VERIFY_TOKEN as a secret of the engine too.`,
        )
      : fail(id, `${url} returns ${answer.status} to a handshake. This is not the receiver.`, fix, LINKS.verification);
  }
  if (answer.status === 200 && answer.body === challenge) return good(id, `${url} passes Meta's handshake.`);
  return answer.status === 403
    ? fail(id, `${url} rejects the engine's META_VERIFY_TOKEN.`, fix, LINKS.verification)
    : fail(id, `${url} does not return the challenge (HTTP ${answer.status}).`, fix, LINKS.verification);
}

/** The receiver has secrets of its own, and a rotation may have reached only one of the two Workers. */
function signatures({ deliveries, origin }: DeploymentFacts): Finding[] {
  const id = "callback_signature";
  const refused = deliveries.filter(({ answer }) => answer.kind === "answer" && answer.status === 401);
  if (refused.length > 0) {
    const labels = refused.map(({ secret }) => secret).join(", ");
    return [
      fail(
        id,
        `The receiver rejects deliveries signed with the secret labelled ${labels}, which the engine has.`,
        "Give both Workers the same META_APP_SECRETS: npx wrangler secret put META_APP_SECRETS, with and without -c wrangler.engine.toml.",
        LINKS.validating,
      ),
    ];
  }
  // Other problems have a finding of their own above.
  const believed =
    deliveries.length > 0 && deliveries.every(({ answer }) => answer.kind === "answer" && answer.status === 200);
  return believed ? [good(id, `${origin}/webhooks accepts deliveries signed with the engine's app secrets.`)] : [];
}

function registered({ callbacks, origin, metaAppId }: DeploymentFacts): Finding {
  const id = "app_callback";
  const url = `${origin}/webhooks`;
  if (!callbacks.ok) {
    if (callbacks.error.reason === "unavailable")
      return note(id, "The app's callback URL could not be read from Meta.");
    return warn(
      id,
      `Meta does not accept META_APP_ID with any app secret (${callbacks.error.code}).`,
      "Put the app secret from App settings, Basic into META_APP_SECRETS with the label meta:, for both Workers.",
      dashboard(metaAppId, "settings/basic"),
    );
  }
  const named = (given: AppCallback[]): string => given.map(({ object }) => object).join(", ");
  const own = callbacks.value.filter(({ callbackUrl }) => callbackUrl === url);
  const others = callbacks.value.filter(({ callbackUrl }) => callbackUrl !== null && callbackUrl !== url);
  if (own.length > 0 && others.length === 0) return good(id, `Meta sends ${named(own)} events to ${url}.`);
  const elsewhere = [...new Set(others.map(({ callbackUrl }) => callbackUrl))].join(", ");
  return warn(
    id,
    others.length === 0
      ? "No callback URL is registered for this app."
      : `Meta sends ${named(others)} events to ${elsewhere}, not to this address${own.length === 0 ? "" : `. Only ${named(own)} events arrive here`}.`,
    `Enter ${url} as callback URL in the App Dashboard, or register it with POST /api/app/subscriptions.`,
    dashboard(metaAppId, "webhooks"),
  );
}
