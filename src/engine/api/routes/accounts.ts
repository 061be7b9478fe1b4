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
    summary: "Accounts, those that are not connected but receive events included",
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
    summary: "One account with its state: settings, pace, what holds it, how much it keeps",
    params: accountParams,
    answer: { status: 200, schema: accountDetail },
    problems: [],
  },
  async ({ account }) => {
    const state = await account.ask((stub) => stub.state());
    // The Directory's note is up to a minute old; the account itself knows better.
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
    summary: "Connect an account, or give it a new token",
    description: "What waited for a token goes on. The token is kept encrypted, and no answer shows it.",
    params: v.object({ id: connectableAccountId }),
    body: connection,
    answer: { status: 200, schema: profile },
    problems: [],
  },
  async ({ params: { id }, body, objects }) => {
    const connected = await objects.account(id, (account) => account.link(id, body));
    // Field by field: whatever else the object might hand over stays here.
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
    summary: "Forget an account's token: nothing more is sent, events are still captured",
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
