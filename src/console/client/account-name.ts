/** How an account is called where both its id and perhaps its name are known. */
export const accountName = (id: string, name: string | null): string => (name === null ? id : `${name} (${id})`);
