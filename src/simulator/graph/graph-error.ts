/** Graph API errors: a code, mostly with a subcode (documentation: Messenger Platform, Error codes; Graph API, Handling errors). */

export interface GraphError {
  status: number;
  code: number;
  subcode: number | null;
  message: string;
  /** Meta's hint that a retry may help. */
  isTransient: boolean;
  /** `error.type`, if it is not the usual one of the code. */
  type?: string;
}

const error = (code: number, subcode: number | null, message: string, status = 400): GraphError => ({
  status,
  code,
  subcode,
  message,
  isTransient: code === 1 || code === 2 || code === 508,
});

export const GRAPH_ERRORS = {
  tokenMissing: error(104, null, "An access token is required to request this resource.", 400),
  tokenUnreadable: error(190, null, "Invalid OAuth access token - Cannot parse access token", 400),
  /** The Send API's error for a Facebook user token. */
  sendNeedsPageToken: error(190, null, "(#190) This method must be called with a Page Access Token", 400),
  pageTokenNeeded: error(210, null, "(#210) A page access token is required to request this resource.", 400),
  tokenExpired: error(190, 463, "Error validating access token: Session has expired", 400),
  objectMissing: error(
    100,
    33,
    "Unsupported request. Object does not exist, cannot be loaded due to missing permissions, or does not support this operation",
  ),
  unknownPath: error(2500, null, "Unknown path components", 400),
  method: error(100, null, "Unsupported method for this object", 400),
  instagramUserMissing: error(100, 2534014, "The requested user cannot be found."),
  pageUserMissing: error(100, 2018001, "No matching user found"),
  notCommentable: error(100, 2534025, "The comment is invalid for sending a private reply."),
  alreadyReplied: error(-1, 2534023, "The comment you are trying to reply to already has a reply.", 500),
  alreadyRepliedInvalid: error(100, 2534023, "The comment that you are trying to reply to already has a reply."),
  pageAlreadyReplied: error(10900, null, "(#10900) Activity already replied to"),
  replyUsedUp: error(2, 1545133, "Service temporarily unavailable", 500),
  linkRefused: error(508, 2534122, "Link can not be shared"),
  proofMissing: {
    ...error(100, null, "API calls from the server require an appsecret_proof argument"),
    type: "GraphMethodException",
  },
  proofInvalid: {
    ...error(100, null, "Invalid appsecret_proof provided in the API argument"),
    type: "GraphMethodException",
  },
  notThreadOwner: error(100, 2534037, "Another app is the thread owner."),
  anotherAppControls: error(10, 2018300, "Message not sent. Another app is controlling this thread now."),
  messageInvalid: error(100, 2534015, "Invalid message data"),
  instagramWindow: error(10, 2534022, "This message is sent outside of allowed window."),
  pageWindow: error(10, 2018278, "This message is sent outside of allowed window."),
  personUnavailable: error(551, 1545041, "This person isn't available right now."),
  messageAccessOff: error(200, 2534041, "The account owner has disabled access to messages."),
  outage: error(2, null, "An unexpected error has occurred. Please retry your request later.", 500),
  sendTooFast: error(613, 2534040, "Calls to this api have exceeded the rate limit."),
  mediaTooFast: error(4, 2018354, "(#4) Too many send requests: audio and video."),
  privateReplyHour: error(613, null, "Calls to this api have exceeded the rate limit: 750 private replies an hour."),
  instagramBudget: error(80002, null, "There have been too many calls to this Instagram account."),
  pageBudget: error(80001, null, "There have been too many calls to this Page account."),
} as const satisfies Record<string, GraphError>;

/** `(#10)` with the missing permission named. */
export const permissionMissing = (permission: string): GraphError =>
  error(10, null, `(#10) Application does not have permission for this action: ${permission}`, 403);

/** `(#100)` with the parameter named. */
export const badParameter = (message: string): GraphError => error(100, null, `(#100) ${message}`);

/** A dead token; the subcode says why (458 app removed, 460 password changed, 463 expired, 467 invalid …). */
export const tokenDead = (subcode: number): GraphError =>
  subcode === 463
    ? GRAPH_ERRORS.tokenExpired
    : error(190, subcode, "Error validating access token: The session has been invalidated", 400);

/** Any error on demand, with Meta's message if it is known. */
export function anyError(code: number, subcode: number | null, status?: number): GraphError {
  const known = Object.values(GRAPH_ERRORS).find((one) => one.code === code && one.subcode === subcode);
  const message = code === 100 && subcode === null ? undefined : known?.message;
  return error(
    code,
    subcode,
    message ?? `Simulated error ${code}${subcode === null ? "" : `/${subcode}`}`,
    status ?? (code === 2 || code === -1 ? 500 : 400),
  );
}

/** The body of an error response. */
export function errorBody(error_: GraphError, traceId: string): Record<string, unknown> {
  return {
    error: {
      message: error_.message,
      type: error_.type ?? ([104, 190, 210].includes(error_.code) ? "OAuthException" : "IGApiException"),
      code: error_.code,
      ...(error_.subcode === null ? {} : { error_subcode: error_.subcode }),
      ...(error_.isTransient ? { is_transient: true } : {}),
      fbtrace_id: traceId,
    },
  };
}
