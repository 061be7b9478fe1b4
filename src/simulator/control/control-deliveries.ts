/** `POST /__meta/deliveries`: bodies to send, already in wire form. `GET` shows every attempt. */
import type { Delivery } from "../delivery/webhook-dispatcher.ts";
import type { Simulator } from "../simulator.ts";
import { number, optionalText, text } from "./control-json.ts";
import type { Json } from "./control-json.ts";

/** Deliveries that are tried at the same time. */
const PARALLEL = 8;

/** Without the body: it may be long, and the sender has it. */
export type ShownDelivery = Omit<Delivery, "text">;

const shown = ({ text: _text, ...rest }: Delivery): ShownDelivery => rest;

/**
 * Sends `bodies` (texts), each at once, and answers with the first attempt of each; failed ones stay on the ladder.
 * `label` names them in the log, `secret` chooses the signing secret by its label, `once` forbids retries.
 */
export async function deliverBodies(simulator: Simulator, body: Json): Promise<object> {
  const bodies = body["bodies"];
  if (!Array.isArray(bodies)) throw new TypeError("bodies must be a list of texts");
  const label = optionalText(body, "label");
  const secret = optionalText(body, "secret");
  const once = body["once"] === true;
  const parallel = body["parallel"] === undefined ? PARALLEL : number(body, "parallel");
  if (simulator.settings.callback === null) throw new TypeError("no callback URL yet: PUT /__meta/callback first");
  const ids = bodies.map(
    (item) =>
      simulator.deliver(text(item, "every body"), {
        ...(label === null ? {} : { label }),
        ...(secret === null ? {} : { secret }),
        once,
      }).id,
  );
  const queue = ids.values();
  const worker = async (): Promise<void> => {
    for (const id of queue) await simulator.dispatcher.attemptNow(id);
  };
  await Promise.all(Array.from({ length: Math.min(parallel, ids.length) }, worker));
  return {
    items: ids
      .map((id) => simulator.deliveries.get(id))
      .filter((found) => found !== undefined)
      .map(shown),
  };
}

/** `?ids=a,b` or `?after=id`, and `?state=`. */
export function listDeliveries(simulator: Simulator, query: URLSearchParams): object {
  const ids = query.get("ids")?.split(",");
  const after = query.get("after") ?? "";
  const state = query.get("state");
  const items: ShownDelivery[] = [];
  for (const delivery of simulator.deliveries.values()) {
    if (ids !== undefined && !ids.includes(delivery.id)) continue;
    if (delivery.id <= after) continue;
    if (state !== null && delivery.state !== state) continue;
    items.push(shown(delivery));
  }
  return { items };
}
