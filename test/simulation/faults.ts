/**
 * All faults that the simulation can inject, with the lines of the fault model that they cover (README.md, "Faults")
 * and their normal probability at each place.
 */

interface Fault {
  /** Lines of the fault model. */
  ids: string;
  what: string;
  /** Probability at each place where it can occur. */
  chance: number;
}

const fault = (ids: string, chance: number, what: string): Fault => ({ ids, what, chance });

export const FAULTS = {
  // Meta and the receiver
  receiver_killed: fault("M1 M2", 0.004, "the receiver dies at one of its awaits"),
  response_lost: fault("M2", 0.01, "Meta never gets the receiver's response"),
  wait_until_dropped: fault("M3", 0.02, "work that the receiver left for after its response is dropped"),
  delivery_duplicated: fault(
    "M2 M5",
    0.03,
    "Meta repeats a delivery although it got a 200, or sends it twice at the same time",
  ),
  delivery_recut: fault("K6", 0.5, "a repeated delivery is split into other batches"),
  delivery_held: fault("M12", 0.04, "Meta sends a delivery much later than the next ones"),
  ad_copy: fault("M6", 0.05, "Meta sends one comment twice, with and without the ad, in different bytes"),
  clock_skewed: fault("M13", 0.02, "entry.time is wrong by up to a day"),
  // KV
  kv_read_failed: fault("K5", 0.01, "KV fails a read"),
  kv_read_slow: fault("K5", 0.01, "KV takes longer than the receiver waits"),
  kv_write_failed: fault("K4 K5", 0.02, "KV rejects a write"),
  // Queue
  queue_refused: fault("M8 Q9", 0.01, "sendBatch fails, nothing was stored"),
  queue_partly_stored: fault("M8", 0.01, "sendBatch fails, but part of the batch was stored"),
  queue_stored_but_failed: fault("M8", 0.006, "sendBatch fails, but all of the batch was stored"),
  queue_hung: fault("M4", 0.006, "sendBatch takes a minute, and may store the batch after all"),
  queue_duplicate: fault("Q1", 0.01, "the queue delivers a message twice"),
  queue_delayed: fault("M12 Q8", 0.02, "the queue delivers a message up to minutes after later ones"),
  ack_lost: fault("Q1", 0.01, "the queue forgets what a batch acknowledged"),
  consumer_killed: fault("Q10", 0.004, "the consumer dies at one of its awaits"),
  // Calls to objects
  rpc_lost_before: fault("R1", 0.008, "a call never reaches its object"),
  rpc_lost_after: fault("R2", 0.008, "a call was executed, but its response is lost"),
  rpc_overloaded: fault("R3 R5", 0.004, "the object is overloaded"),
  rpc_slow: fault("R5", 0.01, "a call takes up to ten seconds to arrive"),
  object_bricked: fault("S5", 0, "an object's constructor throws for days"),
  // The object
  object_crashed_at_await: fault("G6 A10", 0.0015, "the object dies at one of its awaits"),
  object_crashed_before_commit: fault("G6", 0.0015, "the object dies before its writes are durable: nothing is sent"),
  object_crashed_after_commit: fault(
    "G6 S1",
    0.0015,
    "the object dies after its writes are durable and before its calls are sent",
  ),
  object_replaced: fault(
    "R1 R4 G7",
    0,
    "a deploy or a move: the replaced object continues as a zombie without storage",
  ),
  zombie_request: fault(
    "G7 F3",
    0.003,
    "the object is replaced or dies while its request is in flight; the request is sent up to 30 s later",
  ),
  // Alarms and the watchdog
  alarm_late: fault("A2", 0.03, "an alarm runs up to a minute late"),
  alarm_doubled: fault("A1", 0.03, "an alarm runs twice"),
  alarm_stuck: fault("A5", 0.01, "an alarm stays in the past and never runs"),
  alarm_lost_with_run: fault("A3 A10", 0.3, "the run dies with its object and is not repeated"),
  alarm_dropped: fault("A3", 0, "an alarm fails for the seventh time in a row and is dropped"),
  cron_skipped: fault("A11", 0.1, "the watchdog's cron misses a minute"),
  cron_killed: fault("A11", 0.004, "the watchdog dies at one of its awaits"),
  // The Graph API
  sender_unreachable: fault("G6", 0.004, "the call to the sender fails before anything was sent"),
  sender_away: fault("G1 A3", 0, "for minutes, no call reaches the sender"),
  sender_answer_lost: fault("G6", 0.004, "the sender has sent, but its response is lost"),
  graph_connect_failed: fault("G1", 0.006, "no connection to Meta"),
  graph_slow_to_arrive: fault("G1", 0.01, "a request takes seconds to arrive"),
  graph_timeout_before_effect: fault("G1", 0.005, "no response, and no effect"),
  graph_timeout_after_effect: fault(
    "G1",
    0.01,
    "Meta sends the reply, but its response comes after the timeout (up to 40 s)",
  ),
  graph_reset_after_effect: fault("G1", 0.005, "Meta sends the reply, but the connection breaks"),
  graph_5xx_before_effect: fault("G1", 0.005, "a 5xx response, and no effect"),
  graph_5xx_after_effect: fault("G1", 0.005, "Meta sends the reply, but returns 5xx"),
  graph_4xx_after_effect: fault("G2", 0.005, "Meta sends the reply, but returns 4xx with a code that proves nothing"),
  graph_throttled_timed: fault("G4", 0.0015, "a throttling error with a wait time"),
  graph_throttled: fault("G4", 0.0015, "a throttling error without a wait time"),
  graph_blocked: fault("G3", 0.0002, "368: the account is blocked for a while"),
  graph_reply_blocked: fault("G3", 0, "368 for this reply alone, each time: it looks as if the account were blocked"),
  graph_person_unavailable: fault("G5", 0.004, "551: this person cannot be reached"),
  graph_not_repliable: fault("G5", 0.01, "100/2534025: for some seconds, this comment cannot have a private reply"),
  graph_usage_high: fault("G4", 0.002, "usage headers report a nearly full quota"),
  token_died: fault("G3", 0, "190: the token is invalid until the owner connects again"),
  token_rotated: fault("G8", 0, "a new token is stored while attempts with the old one are in flight"),
  read_failed: fault("G1", 0.03, "reading a comment before the send fails"),
  read_slow: fault("S3", 0.05, "reading a comment before the send takes seconds"),
  // Echoes
  echo_early: fault("E1", 0.02, "Meta responds so slowly that the echo arrives first"),
  echo_late: fault("E2", 0.05, "an echo arrives up to hours late"),
  echo_lost: fault("E2", 0.05, "an echo never arrives"),
  own_comment_renamed: fault("E6", 0.3, "an own comment names its author by another id, by name only, or not at all"),
  automatic_reply: fault("E7", 0.05, "Meta's instant reply: an echo without an app, 1 to 5 s after the message"),
  echo_twice: fault("E5", 0.05, "an echo arrives once for each of two subscriptions"),
} as const satisfies Record<string, Fault>;

export type FaultKind = keyof typeof FAULTS;

/** Probabilities that differ from the normal ones. */
export type Weather = Partial<Record<FaultKind, number>>;
