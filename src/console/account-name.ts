/** The display name of an account. */

/** By its name at Meta, or by its id where no name is known. */
export const nameOf = (account: { username: string | null; id: string }): string =>
  account.username === null ? account.id : `@${account.username}`;

/** With its id, to distinguish accounts of the same name. */
export const nameAndId = (id: string, name: string | null): string => (name === null ? id : `${name} (${id})`);
