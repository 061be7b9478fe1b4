/** The notifications that a Graph call causes. */
import type { Effect } from "../graph/graph-call.ts";
import type { Account, Comment } from "../graph/graph-state.ts";
import { comment as commentItem, commentAuthor } from "../notifications/comment-notifications.ts";
import { envelope, type BuildContext, type Item } from "../notifications/delivery-body.ts";
import { echoContent } from "../notifications/echo-content.ts";
import { echo as echoItem } from "../notifications/message-notifications.ts";
import { feed } from "../notifications/page-notifications.ts";
import { namedAuthor, OWN_COMMENT_FORMS, type OwnCommentForm } from "../notifications/own-comment.ts";
import { toWire } from "../notifications/wire-format.ts";
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
    const item = ownComment(account, own, nextForm(simulator, account), buildContext);
    simulator.deliver(toWire(envelope([item])), { label: "own comment", delayMs });
    return;
  }
  if (settings.echoes.mode === "lost" || host.random() < settings.echoes.lostShare) return;
  const item = echoItem(
    {
      platform: account.platform,
      accountId: account.id,
      personId: effect.personId,
      mid: effect.mid,
      appId: simulator.config.appId,
      ...(effect.metadata === null ? {} : { metadata: effect.metadata }),
      ...echoContent(account.platform, effect.content, host.random),
    },
    buildContext,
  );
  simulator.deliver(toWire(envelope([item])), { label: "echo", delayMs });
}

/** The form of the next own comment: the account's, or that of the settings. */
function nextForm(simulator: Simulator, account: Account): OwnCommentForm {
  const { ownComments, ownCommentsMade } = simulator.settings;
  if (account.ownComments !== undefined) return account.ownComments;
  if (ownComments !== "in-turn") return ownComments;
  simulator.set({ ownCommentsMade: ownCommentsMade + 1 });
  return OWN_COMMENT_FORMS[ownCommentsMade % OWN_COMMENT_FORMS.length] ?? "usual";
}

function ownComment(account: Account, own: Comment, form: OwnCommentForm, buildContext: BuildContext): Item {
  const { id, platform, appScopedId, selfScopedId } = account;
  const name = platform === "page" ? account.name : account.username;
  const author = namedAuthor(form, { id, name, appScopedId, selfScopedId }, platform, buildContext.random);
  if (platform === "page") {
    return feed(
      {
        accountId: id,
        ...author,
        item: "comment",
        verb: "add",
        postId: own.mediaId,
        commentId: own.id,
        parentId: own.parentId ?? own.mediaId,
        message: own.text,
      },
      buildContext,
    );
  }
  return commentItem(
    {
      accountId: id,
      id: own.id,
      text: own.text,
      ...commentAuthor(author),
      mediaId: own.mediaId,
      ...(own.parentId === null ? {} : { parentId: own.parentId }),
    },
    buildContext,
  );
}
