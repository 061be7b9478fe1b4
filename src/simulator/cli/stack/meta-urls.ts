/** Every address of Meta's that the engine calls or sends a browser to, at the simulator instead. */
export const metaUrls = (simulator: string): Record<string, string> => ({
  INSTAGRAM_GRAPH_URL: simulator,
  FACEBOOK_GRAPH_URL: simulator,
  INSTAGRAM_OAUTH_URL: simulator,
  INSTAGRAM_API_URL: simulator,
  FACEBOOK_OAUTH_URL: simulator,
});
