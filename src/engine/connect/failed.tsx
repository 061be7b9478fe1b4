import { page } from "./answer.ts";
import { type ConnectFailure, FAILURE_STATUS } from "./outcome.ts";
import { FailurePage } from "./pages/failure.tsx";

/**
 * The page that says how a login ended, where it did not end well.
 *
 * @param again where it can be begun anew; null: nowhere
 * @param guest not the owner of the deployment, who alone can mend its set-up
 */
export const failed = (failure: ConnectFailure, again: string | null, guest: boolean): Response =>
  page(<FailurePage failure={failure} again={again} guest={guest} />, FAILURE_STATUS[failure.reason]);
