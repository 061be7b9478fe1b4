/** Page nodes of the Graph API: Pages with an account, and Pages known only through a linked Instagram account. */
import { errorResponse, type GraphResponse, type GraphCall, type GraphContext } from "./graph-call.ts";
import { badParameter, GRAPH_ERRORS, permissionMissing } from "./graph-error.ts";
import { respondWithFields, respondWithList } from "./field-selection.ts";
import type { Account, GraphState, Token } from "./graph-state.ts";
import { issueToken } from "./access-token.ts";

const LIST_PAGES = "pages_show_list";
const READ_PAGE = "pages_read_engagement";

/** `GET /<page id>`, and `GET /me` with a Page's token; also a Page known only through its linked Instagram account. */
export function readPage(
  call: GraphCall,
  { id, name }: Page,
  username: string | undefined,
  context: GraphContext,
): GraphResponse {
  const record = {
    id,
    name,
    username,
    category: "Brand",
    link: `https://www.facebook.com/${id}`,
    instagram_business_account: instagramOf(id, context.state),
  };
  return respondWithFields(call, record, "id,name", context);
}

function instagramOf(id: string, { accounts }: GraphState): { id: string; username: string } | undefined {
  const linked = [...accounts.values()].find(({ pageId }) => pageId === id);
  return linked === undefined ? undefined : { id: linked.id, username: linked.username };
}

/** `GET /me/accounts`: the Pages of the person who logged in, each with its own token. */
export function listPages(
  id: string,
  call: GraphCall,
  { kind, ownerId, scopes }: Token,
  context: GraphContext,
): GraphResponse {
  const { state, now, random } = context;
  if (kind !== "user") return errorResponse(badParameter("Tried accessing nonexisting field (accounts)"), random);
  if (id !== "me" && id !== ownerId) return errorResponse(GRAPH_ERRORS.objectMissing, random);
  if (!scopes.includes(LIST_PAGES)) return errorResponse(permissionMissing(LIST_PAGES), random);
  const records = pagesOf(state.accounts.values()).map((page) => {
    const token = issueToken(state, { kind: "page", ownerId: page.id, scopes, livesMs: null }, now, random);
    const instagram = instagramOf(page.id, state);
    return {
      id: page.id,
      name: page.name,
      access_token: token.value,
      category: "Brand",
      tasks: ["ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MESSAGING", "MODERATE", "MANAGE"],
      instagram_business_account: instagram,
      connected_instagram_account: instagram,
    };
  });
  return respondWithList(call, records, "access_token,category,name,id,tasks", context);
}

interface Page {
  id: string;
  name: string;
}

/** All Pages, including those known only through a linked Instagram account. */
function pagesOf(accounts: Iterable<Account>): Page[] {
  const pages = new Map<string, Page>();
  for (const account of accounts) {
    if (account.platform === "page") pages.set(account.id, { id: account.id, name: account.name });
    else if (account.pageId !== null && !pages.has(account.pageId)) {
      pages.set(account.pageId, { id: account.pageId, name: account.name });
    }
  }
  return [...pages.values()];
}

/** A Page that has no account in the simulator. */
export function linkedPage(id: string, { state }: GraphContext): Page | undefined {
  if (state.accounts.get(id) !== undefined) return undefined;
  return pagesOf(state.accounts.values()).find((page) => page.id === id);
}

export function readLinkedPage(call: GraphCall, page: Page, token: Token, context: GraphContext): GraphResponse {
  const { random } = context;
  if (token.kind !== "user" && token.ownerId !== page.id) return errorResponse(GRAPH_ERRORS.objectMissing, random);
  if (!token.scopes.includes(READ_PAGE)) return errorResponse(permissionMissing(READ_PAGE), random);
  return readPage(call, page, undefined, context);
}
