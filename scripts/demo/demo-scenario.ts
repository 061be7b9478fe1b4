/** The deliveries of the demo, step by step, with the receiver's response to each. */
import type { SimulatorClient } from "../../src/simulator/cli/api-clients.ts";
import type { ShownDelivery } from "../../src/simulator/control/control-deliveries.ts";
import { comment } from "../../src/simulator/notifications/comment-notifications.ts";
import { instagramObjectId, personId } from "../../src/simulator/notifications/meta-ids.ts";
import { envelope, type BuildContext, type Item } from "../../src/simulator/notifications/delivery-body.ts";
import { message } from "../../src/simulator/notifications/message-notifications.ts";
import { toWire } from "../../src/simulator/notifications/wire-format.ts";
import { AD_MEDIA, BAKERY, crowd, REEL, STUDIO } from "./demo-fixtures.ts";
import { checkThat, type Check } from "./demo-report.ts";

export interface DemoResult {
  /** Ids of the comments that must get a private reply. */
  asking: string[];
  /** People who must get a message. */
  writing: string[];
  /** Distinct events that were sent, without the echoes and own comments that replies cause. */
  distinctEvents: number;
  /** Updates that the receiver's responses counted as duplicates. */
  duplicatesAnswered: number;
  checks: Check[];
}

export interface Step {
  title: string;
  result: string;
  passed: boolean;
}

interface Plan {
  title: string;
  body: string;
  expectStatus: number;
  secret?: string;
  /** Describes the response in the output. */
  say: (delivery: ShownDelivery) => string;
  /** What the response body must contain. */
  response?: { received: number };
}

/** Sends the deliveries one after the other. Calls `show` after each. */
export async function runDemoScenario(
  meta: SimulatorClient,
  buildContext: BuildContext,
  show: (step: Step) => void,
): Promise<DemoResult> {
  const { random } = buildContext;
  const nadia = { id: personId(random), username: "nadia.bakes" };
  const wire = (...items: Item[]): string => toWire(envelope(items));
  const first = { accountId: STUDIO.id, text: "Guide please 🙏", from: nadia, mediaId: REEL };
  const asking = [instagramObjectId(random)];
  const original = wire(comment({ ...first, id: asking[0] ?? "" }, buildContext));
  const ad = { id: "120214567890123457", title: "Autumn launch", originalMediaId: REEL };
  const adCopy = comment({ ...first, id: instagramObjectId(random), mediaId: AD_MEDIA, ad }, buildContext);
  const studio = { id: STUDIO.id, username: STUDIO.username };
  const own = comment(
    { accountId: STUDIO.id, text: "Write GUIDE and I send you the guide", from: studio, mediaId: REEL },
    buildContext,
  );
  const ingrid = personId(random);
  const question = {
    platform: "page",
    accountId: BAKERY.id,
    personId: ingrid,
    text: "Are you open on Sundays?",
  } as const;
  const many = crowd(buildContext);
  asking.push(...many.asking);

  // The simulator knows this comment, so a reply to it would show.
  const stranger = { id: personId(random), username: "not.meta" };
  const forged = wire(comment({ ...first, from: stranger }, buildContext));

  const plans: Plan[] = [
    { title: "A comment: “Guide please 🙏”", body: original, ...fresh(1) },
    { title: "The same delivery again", body: original, ...repeated(1) },
    { title: "The same comment, as its ad copy", body: wire(adCopy), ...fresh(1) },
    { title: "A comment by the account itself", body: wire(own), ...fresh(1) },
    { title: "A message: “Are you open on Sundays?”", body: wire(message(question, buildContext)), ...fresh(1) },
    {
      title: `${many.items.length.toLocaleString("en")} comments in one delivery`,
      body: wire(...many.items),
      ...fresh(many.items.length),
    },
    { title: "A forged delivery", body: forged, secret: "forger", expectStatus: 401, say: () => "401, not stored" },
    {
      title: "A signed delivery that is not JSON",
      body: original.slice(0, original.length / 2),
      expectStatus: 200,
      say: () => "200, quarantined",
    },
  ];

  const checks: Check[] = [];
  let duplicatesAnswered = 0;
  for (const plan of plans) {
    const [delivery] = await meta.deliver([plan.body], {
      label: plan.title,
      once: true,
      ...(plan.secret === undefined ? {} : { secret: plan.secret }),
    });
    const attempt = delivery?.attempts[0];
    const response = (attempt?.answer ?? {}) as { received?: number; duplicates?: number };
    duplicatesAnswered += response.duplicates ?? 0;
    const right =
      attempt?.status === plan.expectStatus &&
      (plan.response === undefined || response.received === plan.response.received);
    const got = attempt?.status ?? attempt?.problem ?? "no response";
    checks.push(
      checkThat(right, plan.title, `expected ${plan.expectStatus}, received ${got} ${JSON.stringify(response)}`),
    );
    show({
      title: plan.title,
      result: right && delivery !== undefined ? plan.say(delivery) : `unexpected: ${got} ${JSON.stringify(response)}`,
      passed: right,
    });
  }
  return {
    asking,
    writing: [ingrid],
    // The comment, its ad copy, the own comment, the message, and the crowd.
    distinctEvents: 4 + many.items.length,
    duplicatesAnswered,
    checks,
  };
}

const took = (delivery: ShownDelivery): string => `200 in ${delivery.attempts[0]?.durationMs ?? 0} ms`;

const fresh = (received: number): Omit<Plan, "title" | "body"> => ({
  expectStatus: 200,
  response: { received },
  say: (delivery) => `${took(delivery)}, ${received.toLocaleString("en")} received`,
});

/** The response is 200, whether KV or the account's ledger recognizes the duplicate. */
const repeated = (received: number): Omit<Plan, "title" | "body"> => ({
  expectStatus: 200,
  response: { received },
  say: (delivery) => `${took(delivery)}, duplicate`,
});
