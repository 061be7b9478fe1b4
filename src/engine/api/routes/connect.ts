import { HOUR_MS } from "../../../core/time.ts";
import * as v from "valibot";
import { err, ok } from "../../../core/result.ts";
import { explain } from "../../../meta/errors/lookup.ts";
import { type ConnectConfig, publicOrigin, readConnectConfig } from "../../connect/config.ts";
import { inviteUrl, newInviteId } from "../../connect/invite-link.ts";
import { oauthOf } from "../../connect/oauth.ts";
import type { Invite } from "../../../api/connect.ts";
import { endpoint, type Endpoint, type EndpointInput } from "../endpoint.ts";
import { invalid, problem } from "../problem.ts";
import { appSubscription, appSubscriptionAnswer, invite, newAppSubscription, newInvite } from "../../../api/connect.ts";
import { pageEntries, pageOf, storedId, strictObject } from "../../../api/building-blocks.ts";
import { respondWithPage } from "../paging.ts";

type Asked = Pick<EndpointInput, "env" | "url">;

const createInvite = endpoint(
  {
    method: "POST",
    path: "/api/invites",
    name: "createInvite",
    tag: "connect",
    summary: "Create an invite: a link with which another person can connect their account once, without signing in",
    body: newInvite,
    answer: { status: 201, schema: invite },
    problems: [],
  },
  async ({ body, objects, ...asked }) => {
    const { login = null, label = null, expiresInHours } = body;
    const wanted = { id: newInviteId(), login, label, expiresAt: Date.now() + expiresInHours * HOUR_MS };
    const created = await objects.directory((directory) => directory.createInvite(wanted));
    return ok({ body: withUrl(created, asked) });
  },
);

const listInvites = endpoint(
  {
    method: "GET",
    path: "/api/invites",
    name: "listInvites",
    tag: "connect",
    summary: "List invites, newest first, with the connected accounts",
    query: strictObject(pageEntries),
    answer: { status: 200, schema: pageOf(invite) },
    problems: [],
  },
  async ({ query, objects, ...asked }) =>
    respondWithPage("invites", query, async (page) => {
      const { items, nextCursor } = await objects.directory((directory) => directory.invites(page));
      return { items: items.map((item) => withUrl(item, asked)), nextCursor };
    }),
);

const revokeInvite = endpoint(
  {
    method: "DELETE",
    path: "/api/invites/:id",
    name: "revokeInvite",
    tag: "connect",
    summary: "Revoke an invite; its accounts stay connected",
    params: v.object({ id: storedId }),
    answer: { status: 204 },
    problems: ["not_found"],
  },
  async ({ params: { id }, objects }) =>
    (await objects.directory((directory) => directory.revokeInvite(id)))
      ? ok({ body: null })
      : err(problem("not_found", "Invite not found.")),
);

const listAppSubscriptions = endpoint(
  {
    method: "GET",
    path: "/api/app/subscriptions",
    name: "listAppSubscriptions",
    tag: "connect",
    summary: "Get the callback URL and fields of the app from Meta",
    answer: { status: 200, schema: pageOf(appSubscription) },
    problems: ["refused_by_meta", "meta_unreachable"],
  },
  async ({ env }) => {
    const listed = await oauthOf(env).appSubscriptions();
    if (listed.ok) return ok({ body: { items: listed.value, nextCursor: null } });
    const { reason, code } = listed.error;
    return reason === "unavailable"
      ? err(problem("meta_unreachable", "Meta is unreachable. Try again in a few seconds."))
      : err(
          problem("refused_by_meta", `Meta returned error ${code}. Check that META_APP_ID and its app secret match.`),
        );
  },
);

const postAppSubscription = endpoint(
  {
    method: "POST",
    path: "/api/app/subscriptions",
    name: "postAppSubscription",
    tag: "connect",
    summary: "Register the callback URL and the fields of the app at Meta",
    description:
      "The same as Webhooks in the App Dashboard. For instagram, Meta documents the dashboard only. The call works for some apps; Meta's response is returned.",
    body: newAppSubscription,
    answer: { status: 200, schema: appSubscriptionAnswer },
    problems: ["misconfigured"],
  },
  async ({ body, env, url }) => {
    const config = readConnectConfig(env);
    if (!config.ok) return err(problem("misconfigured", config.error.map(({ message }) => message).join(" ")));
    const { object, fields } = body;
    const callbackUrl = body.callbackUrl ?? `${publicOrigin(config.value, url)}/webhooks`;
    const verifyToken = body.verifyToken ?? config.value.verifyToken;
    if (verifyToken === null) return err(noVerifyToken());
    const answer = await oauthOf(env).subscribeApp({ object, fields, callbackUrl, verifyToken });
    const row = answer.code === null ? null : explain(answer.code);
    const advice = answer.success ? null : (row?.advice ?? adviceFor(object));
    return ok({ body: { object, callbackUrl, ...answer, advice } });
  },
);

const noVerifyToken = () =>
  invalid([
    {
      field: "verifyToken",
      message:
        "is required, because META_VERIFY_TOKEN is not set for the engine. Send it here, or set it for the engine too",
    },
  ]);

const adviceFor = (object: string): string =>
  object === "instagram"
    ? "Set the callback in the App Dashboard: Webhooks, Instagram."
    : "Meta must reach the callback URL and get the challenge back. GET /api/doctor checks both.";

export const connectEndpoints: readonly Endpoint[] = [
  createInvite,
  listInvites,
  revokeInvite,
  listAppSubscriptions,
  postAppSubscription,
];

/** Adds the link, if the invite can still be used. */
function withUrl(given: Invite, { env, url }: Asked): Invite & { url: string | null } {
  const open = given.usedAt === null && given.revokedAt === null && given.expiresAt > Date.now();
  const connect: Pick<ConnectConfig, "publicUrl"> | null = valueOrNull(readConnectConfig(env));
  const origin = connect?.publicUrl ?? new URL(url).origin;
  return { ...given, url: open ? inviteUrl(origin, given.id) : null };
}

const valueOrNull = <T>(result: { ok: true; value: T } | { ok: false }): T | null => (result.ok ? result.value : null);
