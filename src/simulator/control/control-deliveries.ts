/** `POST /__meta/deliveries` sends bodies that are already in wire format. `GET` lists deliveries and their attempts. */
import type { Delivery } from "../delivery/webhook-dispatcher.ts";
import type { Simulator } from "../simulator.ts";
import { number, optionalText, text, type Json } from "./control-json.ts";

/** A delivery without its body, which may be long. */
export type ShownDelivery = Omit<Delivery, "text">;

const shown = ({ text: _text, ...rest }: Delivery): ShownDelivery => rest;

/**
 * Sends `bodies` (strings) now, and returns each with its first attempt. Failed deliveries are retried. `label` is their
 * name in the log, `secret` chooses the signing secret by its label, and `once` turns retries off.
 */
export async function deliverBodies(simulator: Simulator, body: Json): Promise<object> {
  const bodies = body["bodies"];
  if (!Array.isArray(bodies)) throw new TypeError("bodies must be an array of strings");
  const label = optionalText(body, "label");
  const secret = optionalText(body, "secret");
  const once = body["once"] === true;
  const parallel = body["parallel"] === undefined ? undefined : number(body, "parallel");
  if (simulator.settings.callback === null)
    throw new TypeError("the callback URL is not set; use PUT /__meta/callback first");
  const texts = bodies.map((item) => text(item, "every body"));
  const options = { once, ...(label === null ? {} : { label }), ...(secret === null ? {} : { secret }) };
  return { items: (await simulator.deliverNow(texts, options, parallel)).map(shown) };
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
