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
    summary: "A link with which somebody else can connect their account here, once, without signing in",
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
    summary: "Invites, newest first, with what was connected",
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
    summary: "Withdraw an invite; what was connected with it stays connected",
    params: v.object({ id: storedId }),
    answer: { status: 204 },
    problems: ["not_found"],
  },
  async ({ params: { id }, objects }) =>
    (await objects.directory((directory) => directory.revokeInvite(id)))
      ? ok({ body: null })
      : err(problem("not_found", "There is no such invite.")),
);

const listAppSubscriptions = endpoint(
  {
    method: "GET",
    path: "/api/app/subscriptions",
    name: "listAppSubscriptions",
    tag: "connect",
    summary: "Callback URL and fields of the whole app, as Meta says it",
    answer: { status: 200, schema: pageOf(appSubscription) },
    problems: ["refused_by_meta", "meta_unreachable"],
  },
  async ({ env }) => {
    const listed = await oauthOf(env).appSubscriptions();
    if (listed.ok) return ok({ body: { items: listed.value, nextCursor: null } });
    const { reason, code } = listed.error;
    return reason === "unavailable"
      ? err(problem("meta_unreachable", "Meta could not be asked. Ask again in a moment."))
      : err(problem("refused_by_meta", `Meta refused with error ${code}. META_APP_ID and its app secret must match.`));
  },
);

const postAppSubscription = endpoint(
  {
    method: "POST",
    path: "/api/app/subscriptions",
    name: "postAppSubscription",
    tag: "connect",
    summary: "Register the callback URL and the fields of the whole app at Meta",
    description:
      "What the App Dashboard does under Webhooks. For instagram Meta documents the dashboard only; the call works for some apps, and whatever Meta says is reported.",
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
        "is required: the engine does not know the receiver's META_VERIFY_TOKEN. Send it here, or set it for the engine too",
    },
  ]);

const adviceFor = (object: string): string =>
  object === "instagram"
    ? "Set the callback in the App Dashboard: Webhooks, Instagram."
    : "Meta must reach the callback URL, and be answered with the challenge: GET /api/doctor checks both.";

export const connectEndpoints: readonly Endpoint[] = [
  createInvite,
  listInvites,
  revokeInvite,
  listAppSubscriptions,
  postAppSubscription,
];

/** With its address, as long as that is of any use. */
function withUrl(given: Invite, { env, url }: Asked): Invite & { url: string | null } {
  const open = given.usedAt === null && given.revokedAt === null && given.expiresAt > Date.now();
  const connect: Pick<ConnectConfig, "publicUrl"> | null = valueOrNull(readConnectConfig(env));
  const origin = connect?.publicUrl ?? new URL(url).origin;
  return { ...given, url: open ? inviteUrl(origin, given.id) : null };
}

const valueOrNull = <T>(result: { ok: true; value: T } | { ok: false }): T | null => (result.ok ? result.value : null);
