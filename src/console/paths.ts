/** Where the console's pages are. Ids come from Meta and from strangers: each is one segment, whatever is in it. */

export const accountPath = (id: string, rest = ""): string => `/console/accounts/${encodeURIComponent(id)}${rest}`;

export const conversationPath = (accountId: string, personId: string): string =>
  accountPath(accountId, `/conversations/${encodeURIComponent(personId)}`);

/** The live feed with this event opened. */
export const eventPath = (accountId: string, eventId: string): string =>
  accountPath(accountId, `#${encodeURIComponent(eventId)}`);
