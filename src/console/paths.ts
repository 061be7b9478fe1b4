/** Paths of the console's pages. Ids are untrusted input: each is encoded as one segment. */

export const accountPath = (id: string, rest = ""): string => `/console/accounts/${encodeURIComponent(id)}${rest}`;

export const conversationPath = (accountId: string, personId: string): string =>
  accountPath(accountId, `/conversations/${encodeURIComponent(personId)}`);

/** The live feed with this event opened. */
export const eventPath = (accountId: string, eventId: string): string =>
  accountPath(accountId, `#${encodeURIComponent(eventId)}`);
