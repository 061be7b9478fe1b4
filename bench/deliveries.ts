/** Signed comment deliveries in wire format. All bodies differ, so none is a duplicate. */
import { createHmac } from "node:crypto";
import { comment } from "../src/simulator/notifications/comment-notifications.ts";
import { instagramAccountId, personId, seededRandom } from "../src/simulator/notifications/meta-ids.ts";
import { envelope } from "../src/simulator/notifications/delivery-body.ts";
import { toWire } from "../src/simulator/notifications/wire-format.ts";
import type { Prepared } from "./load.ts";

/** No automation replies to these, so that only the receiver is measured. */
const TEXT = "what a lovely place \u{1f30a} is that in Portugal?";

/** Enough accounts that no single object is the bottleneck, few enough that they stay warm. */
const MANY = 20;

/** @param updates comments in each delivery */
export function deliveries(count: number, updates: number, secret: string, seed: number, among = MANY): Prepared[] {
  const random = seededRandom(seed);
  const accounts = Array.from({ length: among }, () => instagramAccountId(random));
  return Array.from({ length: count }, (_, index) => {
    const accountId = accounts[index % accounts.length] ?? "1";
    const items = Array.from({ length: updates }, () =>
      comment(
        {
          accountId,
          text: TEXT,
          from: { id: personId(random), username: "nadia.bakes" },
          mediaId: "18054321970886143",
        },
        { now: Date.now(), random },
      ),
    );
    const body = Buffer.from(toWire(envelope(items)));
    const signature = createHmac("sha256", secret).update(body).digest("hex");
    const headers = {
      "content-type": "application/json",
      "x-hub-signature-256": `sha256=${signature}`,
      "x-bench-account": accountId,
    };
    return { body, headers };
  });
}
