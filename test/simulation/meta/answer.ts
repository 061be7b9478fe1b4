/** Responses in Meta's format. */

/** An HTTP response. */
export interface HttpResponse {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** An error in Meta's format. */
export function graphError(
  status: number,
  code: number,
  subcode: number | null,
  headers: Record<string, string> = {},
): HttpResponse {
  const error = {
    message: "Simulated.",
    type: "OAuthException",
    code,
    ...(subcode === null ? {} : { error_subcode: subcode }),
  };
  return { status, headers, body: JSON.stringify({ error }) };
}

/** X-App-Usage and X-Business-Use-Case-Usage. */
export function usageHeaders(percent: number, regainMinutes: number): Record<string, string> {
  const meter = { call_count: percent, total_time: percent, total_cputime: percent };
  return {
    "x-app-usage": JSON.stringify(meter),
    "x-business-use-case-usage": JSON.stringify({
      "1": [{ type: "messenger", ...meter, estimated_time_to_regain_access: regainMinutes }],
    }),
  };
}
