import { accepted, fail, pass, refused, shown, type Case, type CaseContext } from "./conform-case.ts";

const group = "Handshake";

type Pairs = (readonly [string, string])[];

const challengeOf = ({ random }: CaseContext): string => String(Math.floor(random() * 2 ** 31));

const pairs = (context: CaseContext, challenge: string): Pairs => [
  ["hub.mode", "subscribe"],
  ["hub.challenge", challenge],
  ["hub.verify_token", context.probe.verifyToken],
];

const without = (all: Pairs, name: string): Pairs => all.filter(([key]) => key !== name);

/** Markup that a browser would run if it came back as a page. */
const MARKUP = '<script>alert("x")</script>';

export const HANDSHAKE_CASES: readonly Case[] = [
  {
    group,
    title: "the correct token gets the bare challenge",
    why: "with any other response, the dashboard shows that the URL could not be validated",
    async run(context) {
      const challenge = challengeOf(context);
      const response = await context.probe.handshake(pairs(context, challenge));
      const first = accepted(response);
      if (first.outcome !== "pass") return first;
      return response.body === challenge
        ? first
        : fail(`expected ${challenge}, received ${JSON.stringify(response.body.slice(0, 60))}`);
    },
  },
  {
    group,
    title: "parameters in another order",
    why: "their order is not fixed",
    async run(context) {
      const challenge = challengeOf(context);
      const response = await context.probe.handshake(pairs(context, challenge).toReversed());
      return response.body === challenge
        ? accepted(response)
        : fail(`expected ${challenge}, received ${shown(response)}`);
    },
  },
  {
    group,
    title: "a challenge that is not a number",
    why: "Meta's documentation calls it an int on one page and a random string on another",
    async run(context) {
      const challenge = `conform-${challengeOf(context)}_a`;
      const response = await context.probe.handshake(pairs(context, challenge));
      return response.body === challenge
        ? accepted(response)
        : fail(`expected ${challenge}, received ${shown(response)}`);
    },
  },
  {
    group,
    title: "the wrong token is refused",
    why: "otherwise anyone can subscribe your URL to their webhooks",
    async run(context) {
      const challenge = challengeOf(context);
      const wrong = pairs(context, challenge).map(
        ([key, value]) => [key, key === "hub.verify_token" ? `${value}x` : value] as const,
      );
      const response = await context.probe.handshake(wrong);
      if (response.body.includes(challenge)) return fail(`${shown(response)}, with the challenge`);
      return refused(response, context.probe);
    },
  },
  ...(["hub.verify_token", "hub.mode", "hub.challenge"] as const).map((name): Case => ({
    group,
    title: `without ${name}: refused, with a response`,
    why: "Meta's own sample code never responds, and keeps the connection open",
    run: async (context) =>
      refused(await context.probe.handshake(without(pairs(context, challengeOf(context)), name)), context.probe),
  })),
  {
    group,
    title: "another hub.mode is refused",
    why: "only subscribe is a verification request",
    async run(context) {
      const other = pairs(context, challengeOf(context)).map(
        ([key, value]) => [key, key === "hub.mode" ? "unsubscribe" : value] as const,
      );
      return refused(await context.probe.handshake(other), context.probe);
    },
  },
  {
    group,
    title: "a repeated hub.challenge causes no error",
    why: "frameworks turn it into an array, and arrays crash some receivers",
    async run(context) {
      const twice: Pairs = [...pairs(context, "1111"), ["hub.challenge", "2222"]];
      const response = await context.probe.handshake(twice);
      if (response.status === null || response.status >= 500) return fail(`received ${shown(response)}`);
      if (response.status === 200 && !["1111", "2222"].includes(response.body))
        return fail(`200 with ${JSON.stringify(response.body.slice(0, 60))}`);
      return pass(shown(response));
    },
  },
  {
    group,
    title: "markup in hub.challenge cannot run in a browser",
    why: "a reflected challenge served as a page is cross-site scripting on your domain",
    async run(context) {
      const response = await context.probe.handshake(pairs(context, MARKUP));
      if (response.status === null || response.status >= 500) return fail(`received ${shown(response)}`);
      if (!response.body.includes(MARKUP)) return pass(`${shown(response)}, not reflected`);
      const type = response.headers.get("content-type") ?? "none";
      const plain = type.startsWith("text/plain") && response.headers.get("x-content-type-options") === "nosniff";
      return plain ? pass(`reflected as ${type}, nosniff`) : fail(`reflected with content-type ${type}`);
    },
  },
  {
    group,
    title: "other methods are refused",
    why: "PUT and DELETE have no meaning here, and a 500 looks like an outage",
    async run(context) {
      for (const method of ["PUT", "DELETE"]) {
        const response = await context.probe.request(method);
        if (response.status === null || response.status < 400 || response.status >= 500)
          return fail(`${method}: ${shown(response)}`);
      }
      return pass("4xx");
    },
  },
];
