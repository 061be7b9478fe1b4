import * as v from "valibot";
import { ok } from "../../../core/result.ts";
import { endpoint, type Endpoint } from "../endpoint.ts";
import { accountDetail, accountItem, connectableAccountId, connection, profile } from "../../../api/account.ts";
import { flagText, pageEntries, pageOf, strictObject, textOnce } from "../../../api/building-blocks.ts";
import { accountEndpoint, accountParams } from "./known-account.ts";
import { respondWithPage } from "../paging.ts";

const listAccounts = endpoint(
  {
    method: "GET",
    path: "/api/accounts",
    name: "listAccounts",
    tag: "accounts",
    summary: "List accounts, including unconnected accounts with events",
    query: strictObject({
      ...pageEntries,
      search: v.exactOptional(v.pipe(textOnce(200), v.description("Part of the id or the username."))),
      connected: v.exactOptional(flagText),
    }),
    answer: { status: 200, schema: pageOf(accountItem) },
    problems: [],
  },
  ({ query, objects }) =>
    respondWithPage("accounts", query, (asked) => objects.directory((directory) => directory.accounts(asked))),
);

const getAccount = accountEndpoint(
  {
    method: "GET",
    path: "/api/accounts/:id",
    name: "getAccount",
    tag: "accounts",
    summary: "Get one account with its state: settings, rate limits, hold, counts",
    params: accountParams,
    answer: { status: 200, schema: accountDetail },
    problems: [],
  },
  async ({ account }) => {
    const state = await account.ask((stub) => stub.state());
    // The Directory's summary is up to a minute old. The account's own state is current.
    const fresh = {
      connected: state.profile !== null,
      lastEventAt: state.lastEventAt,
      lastReplyAt: state.lastReplyAt,
      hold: state.hold?.problem ?? null,
      sending: state.settings.sending,
    };
    return ok({ body: { ...account.item, ...fresh, state } });
  },
);

const connectAccount = endpoint(
  {
    method: "PUT",
    path: "/api/accounts/:id",
    name: "connectAccount",
    tag: "accounts",
    summary: "Connect an account, or replace its token",
    description:
      "Replies that waited for a token can be sent again. The token is stored encrypted, and no response contains it.",
    params: v.object({ id: connectableAccountId }),
    body: connection,
    answer: { status: 200, schema: profile },
    problems: [],
  },
  async ({ params: { id }, body, objects }) => {
    const connected = await objects.account(id, (account) => account.link(id, body));
    // Copied field by field, so that no other value of the object can leak.
    const { platform, login, username, sendAs, tokenExpiresAt, connectedAt } = connected;
    return ok({ body: { id, platform, login, username, sendAs, tokenExpiresAt, connectedAt } });
  },
);

const disconnectAccount = accountEndpoint(
  {
    method: "DELETE",
    path: "/api/accounts/:id",
    name: "disconnectAccount",
    tag: "accounts",
    summary: "Disconnect an account: its token is deleted, nothing is sent, events are still recorded",
    params: accountParams,
    answer: { status: 204 },
    problems: [],
  },
  async ({ account }) => {
    await account.ask((stub, id) => stub.unlink(id));
    return ok({ body: null });
  },
);

export const accountEndpoints: readonly Endpoint[] = [listAccounts, getAccount, connectAccount, disconnectAccount];
