/** The address that Meta calls: reachable, answering the handshake, believing signatures, registered. Pure. */
import type { AppCallback, DeploymentFacts } from "./facts.ts";
import { fail, good, note, warn } from "./finding.ts";
import { type Finding } from "../../api/doctor.ts";
import { dashboard, LINKS } from "./links.ts";

/** Where every caller is turned away, as with mTLS, handshake and signatures cannot be tried from here, and are not. */
export function examineCallback(facts: DeploymentFacts): Finding[] {
  const tried = turnsAllAway(facts) ? [turnedAway(facts)] : [verification(facts), ...signatures(facts)];
  return [reachable(facts), ...tried, registered(facts)];
}

/** A signature is never answered with 403, right or wrong: whoever says so has not come to look at it. */
const turnsAllAway = ({ handshake, deliveries }: DeploymentFacts): boolean =>
  [handshake, ...deliveries.map(({ answer }) => answer)].every(
    (answer) => answer.kind === "answer" && answer.status === 403,
  ) && deliveries.length > 0;

/** Right where Meta's client certificate is asked for, which we do not have; the events that arrive tell. */
function turnedAway({ origin, health }: DeploymentFacts): Finding {
  const id = "callback_handshake";
  const title = `${origin}/webhooks turns every caller from here away (403), so that handshake and secrets cannot be tried.`;
  return health.lastEventAt === null
    ? warn(
        id,
        title,
        "With REQUIRE_MTLS on, check Cloudflare's mTLS and Meta's CA (README, mTLS); without it, take the firewall rule for /webhooks away.",
        LINKS.mtls,
      )
    : note(id, title, "With REQUIRE_MTLS on that is as it should be: events have arrived.", LINKS.mtls);
}

function reachable({ healthz, origin }: DeploymentFacts): Finding {
  const id = "callback_reachable";
  if (healthz.kind === "unreachable") {
    return fail(
      id,
      `${origin} cannot be reached from here.`,
      "Set PUBLIC_URL to the address that Meta calls, with a valid certificate and nothing in front that asks for a login.",
      LINKS.domains,
    );
  }
  if (healthz.status === 200) return good(id, `${origin} is reachable, and the receiver is set up.`);
  if (healthz.status === 503) {
    const missing = /META_[A-Z_]+|[A-Z]+_[A-Z_]+/.exec(healthz.body)?.[0] ?? "a secret";
    return fail(
      id,
      `The receiver says that ${missing} is missing.`,
      `Run: npx wrangler secret put ${missing}`,
      LINKS.secrets,
    );
  }
  return fail(
    id,
    `${origin}/healthz answers ${healthz.status}: something else stands in front of the receiver.`,
    "Take away what redirects, challenges or caches requests to this address, or set PUBLIC_URL to the right one.",
    LINKS.domains,
  );
}

function verification({ handshake: answer, challenge, origin }: DeploymentFacts): Finding {
  const id = "callback_handshake";
  const url = `${origin}/webhooks`;
  const fix = "Use the same META_VERIFY_TOKEN for both Workers and in the App Dashboard.";
  if (answer.kind === "unreachable") {
    return fail(id, `${url} does not answer.`, "Mend the reachability above first.", LINKS.verification);
  }
  if (challenge === null) {
    // Without the token all that can be seen is that a wrong one is turned away as it should be.
    return answer.status === 403
      ? good(
          id,
          `${url} answers Meta's handshake; give the engine META_VERIFY_TOKEN too, to have the token itself checked.`,
        )
      : fail(id, `${url} answers ${answer.status} to a handshake, which is not the receiver.`, fix, LINKS.verification);
  }
  if (answer.status === 200 && answer.body === challenge) return good(id, `${url} passes Meta's handshake.`);
  return answer.status === 403
    ? fail(id, `${url} refuses the verify token that the engine knows.`, fix, LINKS.verification)
    : fail(id, `${url} does not give the challenge back (${answer.status}).`, fix, LINKS.verification);
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
        `The receiver refuses what is signed with the secret labelled ${labels}, which the engine has.`,
        "Give both Workers the same META_APP_SECRETS: npx wrangler secret put META_APP_SECRETS, with and without -c wrangler.engine.toml.",
        LINKS.validating,
      ),
    ];
  }
  // What stands in the way of all others is named above.
  const believed =
    deliveries.length > 0 && deliveries.every(({ answer }) => answer.kind === "answer" && answer.status === 200);
  return believed ? [good(id, `${origin}/webhooks believes what the engine's app secrets sign.`)] : [];
}

function registered({ callbacks, origin, metaAppId }: DeploymentFacts): Finding {
  const id = "app_callback";
  const url = `${origin}/webhooks`;
  if (!callbacks.ok) {
    if (callbacks.error.reason === "unavailable") return note(id, "Meta could not be asked for the app's callback.");
    return warn(
      id,
      `Meta does not accept META_APP_ID with any app secret (${callbacks.error.code}).`,
      "Put the app secret of App settings, Basic into META_APP_SECRETS, labelled meta:, for both Workers.",
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
      ? "Meta knows no callback for this app."
      : `Meta sends ${named(others)} events to ${elsewhere}, which is not this address${own.length === 0 ? "" : `; only ${named(own)} events come here`}.`,
    `Enter ${url} as callback in the App Dashboard, or register it with POST /api/app/subscriptions.`,
    dashboard(metaAppId, "webhooks"),
  );
}
