/** Who somebody is, once they are let in; and why they are not. */

export type Principal =
  /** Holds the admin token. */
  | { via: "admin_token" }
  /** Signed in at Cloudflare Access; `email` is null for a service token. */
  | { via: "access"; subject: string; email: string | null }
  /** Signed in to the console with the admin token; until then, ms since the epoch. */
  | { via: "session"; until: number };

export type AuthenticationError =
  /** No credentials were sent. */
  | { reason: "missing" }
  /** Credentials were sent, and are not good. Which part of them is not said. */
  | { reason: "invalid" }
  /** A wrong token, after too many from this client. */
  | { reason: "too_many"; retryAfterSeconds: number }
  /** Cloudflare Access's keys could not be read: nothing can be said about the token now. */
  | { reason: "keys_unavailable" };
