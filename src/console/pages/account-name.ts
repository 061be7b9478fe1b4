/** How an account is called, and where its pages are. */
export const nameOf = (account: { username: string | null; id: string }): string =>
  account.username === null ? account.id : `@${account.username}`;

export const accountPath = (id: string, rest = ""): string => `/console/accounts/${encodeURIComponent(id)}${rest}`;
