/** The authenticated caller, or why authentication failed. */

export type Principal =
  /** Sent the admin token. */
  | { via: "admin_token" }
  /** Signed in at Cloudflare Access; `email` is null for a service token. */
  | { via: "access"; subject: string; email: string | null }
  /** Signed in to the console with the admin token. The session ends at `until`, ms since the epoch. */
  | { via: "session"; until: number };

export type AuthenticationError =
  /** No credentials were sent. */
  | { reason: "missing" }
  /** Credentials were sent, but are not valid. The response does not say which part. */
  | { reason: "invalid" }
  /** A wrong token, after too many from this client. */
  | { reason: "too_many"; retryAfterSeconds: number }
  /** Cloudflare Access's keys could not be fetched, so the token cannot be verified now. */
  | { reason: "keys_unavailable" };
