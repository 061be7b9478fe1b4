/** What changed in an account, by id: said after each write, for whoever is watching. What it is now stands in the tables. */
export type Change =
  /** A new event, one more duplicate of it, or new decisions about it. */
  { eventId: string } | { replyId: string };
