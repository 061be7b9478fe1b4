/** The notifications that a Graph call causes. */
import type { Effect } from "../graph/graph-call.ts";
import { comment as commentItem } from "../notifications/comment-notifications.ts";
import { envelope } from "../notifications/delivery-body.ts";
import { echo as echoItem } from "../notifications/message-notifications.ts";
import { feed } from "../notifications/page-notifications.ts";
import { toWire, type WireValue } from "../notifications/wire-format.ts";
import type { Simulator } from "../simulator.ts";

/** Sends the notification that Meta sends after a call: the echo of a message, or the account's own comment. */
export function notifyEffect(simulator: Simulator, effect: Effect): void {
  const { graph, host, settings } = simulator;
  const account = graph.accounts.get(effect.accountId);
  if (account === undefined || settings.callback === null) return;
  const buildContext = { now: simulator.graphNow(), random: host.random };
  const { delayMs } = settings.echoes;
  if (effect.kind === "own_comment") {
    const own = graph.comments.get(effect.commentId);
    if (own === undefined) return;
    const item =
      account.platform === "page"
        ? feed(
            {
              accountId: account.id,
              from: { id: account.id, name: account.name },
              item: "comment",
              verb: "add",
              postId: own.mediaId,
              commentId: own.id,
              parentId: own.parentId ?? own.mediaId,
              message: own.text,
            },
            buildContext,
          )
        : commentItem(
            {
              accountId: account.id,
              id: own.id,
              text: own.text,
              from: { id: account.id, username: account.username },
              selfScopedId: account.selfScopedId,
              mediaId: own.mediaId,
              ...(own.parentId === null ? {} : { parentId: own.parentId }),
            },
            buildContext,
          );
    simulator.deliver(toWire(envelope([item])), { label: "own comment", delayMs });
    return;
  }
  if (settings.echoes.mode === "lost" || host.random() < settings.echoes.lostShare) return;
  const attachments = effect.content["attachments"] ?? effect.content["attachment"];
  const item = echoItem(
    {
      platform: account.platform,
      accountId: account.id,
      personId: effect.personId,
      mid: effect.mid,
      appId: simulator.config.appId,
      ...(effect.text === null ? {} : { text: effect.text }),
      ...(effect.metadata === null ? {} : { metadata: effect.metadata }),
      ...(attachments === undefined
        ? {}
        : { attachments: (Array.isArray(attachments) ? attachments : [attachments]) as WireValue[] }),
    },
    buildContext,
  );
  simulator.deliver(toWire(envelope([item])), { label: "echo", delayMs });
}
