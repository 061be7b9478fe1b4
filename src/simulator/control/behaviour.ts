/** `PUT /__meta/settings`: how Meta behaves where it can be chosen. Nothing is changed unless all of it is right. */
import type { Rules } from "../graph/call.ts";
import type { EchoPolicy, Settings } from "../settings.ts";
import type { Simulator } from "../simulator.ts";
import { atLeastZero, number, object, oneOf, optionalNumber, share, truth } from "./json.ts";
import type { Json } from "./json.ts";

/** Takes what is to change, and gives all settings. */
export function changeSettings(simulator: Simulator, body: Json): object {
  const { settings } = simulator;
  onlyKnown(body, ["regime", "speed", "echoes", "rules"], "");
  const change: Partial<Settings> = {
    rules: changedRules(settings.rules, object(body["rules"] ?? {}, "rules")),
    echoes: changedEchoes(settings.echoes, object(body["echoes"] ?? {}, "echoes")),
  };
  if (body["regime"] !== undefined) change.regime = oneOf(body["regime"], ["graph", "messenger"] as const, "regime");
  if (body["speed"] !== undefined) {
    change.speed = number(body, "speed");
    if (change.speed <= 0) throw new TypeError("speed must be more than 0");
  }
  return { ...simulator.set(change), callback: null };
}

function changedRules(rules: Rules, change: Json): Rules {
  onlyKnown(change, Object.keys(rules), "rules.");
  const second = change["secondPrivateReply"];
  return {
    secondPrivateReply:
      second === undefined ? rules.secondPrivateReply : errorCode(object(second, "secondPrivateReply")),
    acceptUnknownComments:
      change["acceptUnknownComments"] === undefined
        ? rules.acceptUnknownComments
        : truth(change, "acceptUnknownComments"),
    humanAgent: change["humanAgent"] === undefined ? rules.humanAgent : truth(change, "humanAgent"),
  };
}

const errorCode = (code: Json): Rules["secondPrivateReply"] => ({
  code: number(code, "code"),
  subcode: code["subcode"] === null ? null : optionalNumber(code, "subcode"),
});

function changedEchoes(echoes: EchoPolicy, change: Json): EchoPolicy {
  onlyKnown(change, Object.keys(echoes), "echoes.");
  return {
    mode: oneOf(change["mode"] ?? echoes.mode, ["sent", "lost"] as const, "echoes.mode"),
    delayMs: change["delayMs"] === undefined ? echoes.delayMs : atLeastZero(change, "delayMs"),
    lostShare: change["lostShare"] === undefined ? echoes.lostShare : share(change, "lostShare"),
  };
}

/** A misspelt setting must not look as if it had been set. */
function onlyKnown(body: Json, known: readonly string[], prefix: string): void {
  const wrong = Object.keys(body).find((name) => !known.includes(name));
  if (wrong !== undefined) throw new TypeError(`there is no setting ${prefix}${wrong}; there are ${known.join(", ")}`);
}
