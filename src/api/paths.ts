/** Paths of the API, for every program that calls it: the console, the simulator's CLI, the scripts and the tests. */

/** Ids are untrusted input: each part is encoded as one segment. `apiPath("accounts", id, "events")` */
export const apiPath = (...segments: readonly string[]): string => `/api/${segments.map(encodeURIComponent).join("/")}`;
