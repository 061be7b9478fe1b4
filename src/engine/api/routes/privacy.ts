import * as v from "valibot";
import { ok } from "../../../core/result.ts";
import { publicOrigin, readConnectConfig } from "../../connect/config.ts";
import { type Erasure, erasure, newErasure } from "../../../api/privacy.ts";
import { log } from "../../log.ts";
import { erasureUrl, newErasureCode, requestErasure } from "../../privacy/erase-account.ts";
import { endpoint, type Endpoint, type EndpointInput } from "../endpoint.ts";
import { storedId } from "../../../api/building-blocks.ts";
import { found } from "./known-account.ts";

const createErasure = endpoint(
  {
    method: "POST",
    path: "/api/erasures",
    name: "createErasure",
    tag: "privacy",
    summary: "Erase an account, or a person from every account",
    description:
      "For requests that you receive directly, and for the lists of ids in Meta's App Dashboard. The automations and settings of an account are deleted too.",
    body: newErasure,
    answer: { status: 201, schema: erasure },
    problems: [],
  },
  async ({ body: { id }, objects, ...asked }) => {
    const code = newErasureCode();
    const made = await requestErasure({ objects, log }, { code, key: code, kind: "request", subject: id });
    return ok({ body: withUrl(made, asked) });
  },
);

const getErasure = endpoint(
  {
    method: "GET",
    path: "/api/erasures/:code",
    name: "getErasure",
    tag: "privacy",
    summary: "Get the status of an erasure",
    params: v.object({ code: storedId }),
    answer: { status: 200, schema: erasure },
    problems: ["not_found"],
  },
  async ({ params: { code }, objects, ...asked }) => {
    const made = await objects.directory((directory) => directory.erasure(code));
    return found(made === null ? null : withUrl(made, asked), "No erasure has this confirmation code.");
  },
);

export const privacyEndpoints: readonly Endpoint[] = [createErasure, getErasure];

function withUrl(made: Erasure, { env, url }: Pick<EndpointInput, "env" | "url">): Erasure & { url: string } {
  const config = readConnectConfig(env);
  return { ...made, url: erasureUrl(config.ok ? publicOrigin(config.value, url) : new URL(url).origin, made.code) };
}
