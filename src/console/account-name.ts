/** How an account is called. */

/** By its name at Meta, or by its id where no name is known. */
export const nameOf = (account: { username: string | null; id: string }): string =>
  account.username === null ? account.id : `@${account.username}`;

/** With its id, where accounts of one name must be told apart. */
export const nameAndId = (id: string, name: string | null): string => (name === null ? id : `${name} (${id})`);
