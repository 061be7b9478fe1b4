/**
 * The engine's stateless entry point for Graph calls. Each call is a separate invocation with its own connections. A
 * Durable Object has six connections, which at 300 ms per call allow 20 messages a second; Meta allows 100.
 * https://developers.cloudflare.com/workers/platform/limits/#simultaneous-open-connections
 */
import { WorkerEntrypoint } from "cloudflare:workers";
import { createGraphClient, type GraphClient } from "../../meta/graph/client.ts";
import type { Result } from "../../core/result.ts";
import type { GraphProblem } from "../../meta/graph/response.ts";
import type { ConversationPage } from "../../meta/graph/conversations.ts";
import type { CommentPage, GraphMedia, Subscription } from "../../meta/graph/reading.ts";
import { clientSecrets } from "../../meta/oauth/app-secrets.ts";
import type { LivedToken } from "../../meta/oauth/token-response.ts";
import type { CommentReading, GraphPort, ReadOrder, SendResponse, SendOrder, TokenCheck } from "../account/ports.ts";
import type { Profile } from "../../api/account.ts";
import type { SubscribedAppsRequest } from "../account/contract.ts";
import { oauthOf } from "../connect/oauth.ts";
import type { EngineEnv } from "../env.ts";
import { checkToken } from "../account/connection/token-check.ts";
import { readCommentForReply } from "./comment-reading.ts";

export class Sender extends WorkerEntrypoint<EngineEnv> implements GraphPort {
  /** One attempt. Never throws: without a response the outcome is `ambiguous`. */
  async send(order: SendOrder): Promise<SendResponse> {
    const { replyId, kind, to, message, echoMetadata = "auto", profile, token } = order;
    return this.#graph().send({ account: profile, token }, { id: replyId, kind, to, message, echoMetadata });
  }

  async readComment(order: ReadOrder): Promise<CommentReading> {
    return readCommentForReply(this.#graph(), order);
  }

  async commentMedia(profile: Profile, token: string, commentId: string): Promise<Result<string | null, GraphProblem>> {
    return this.#graph().readCommentMedia({ account: profile, token }, commentId);
  }

  async recentMedia(profile: Profile, token: string, limit: number): Promise<Result<GraphMedia[], GraphProblem>> {
    return this.#graph().recentMedia({ account: profile, token }, limit);
  }

  async mediaComments(
    profile: Profile,
    token: string,
    mediaId: string,
    limit: number,
    after: string | null,
  ): Promise<Result<CommentPage, GraphProblem>> {
    return this.#graph().mediaComments({ account: profile, token }, mediaId, limit, after);
  }

  async conversations(
    profile: Profile,
    token: string,
    limit: number,
    after: string | null,
  ): Promise<Result<ConversationPage, GraphProblem>> {
    return this.#graph().conversations({ account: profile, token }, limit, after);
  }

  async deleteComment(profile: Profile, token: string, commentId: string): Promise<Result<null, GraphProblem>> {
    return this.#graph().deleteComment({ account: profile, token }, commentId);
  }

  async subscriptions(
    profile: Profile,
    token: string,
    request: SubscribedAppsRequest,
  ): Promise<Result<Subscription[], GraphProblem>> {
    const graph = this.#graph();
    const caller = { account: profile, token };
    if (request.method === "GET") return graph.listSubscriptions(caller);
    const done =
      request.method === "POST" ? await graph.subscribe(caller, request.fields) : await graph.unsubscribe(caller);
    return done.ok ? { ok: true, value: [] } : done;
  }

  async refreshToken(token: string): Promise<Result<LivedToken, GraphProblem>> {
    return oauthOf(this.env).instagramRefresh(token);
  }

  async checkToken(profile: Profile, token: string, wantsFacts: boolean): Promise<Result<TokenCheck, GraphProblem>> {
    return checkToken(oauthOf(this.env), profile, token, wantsFacts);
  }

  #graph(): GraphClient {
    return createGraphClient({
      instagramUrl: this.env.INSTAGRAM_GRAPH_URL,
      facebookUrl: this.env.FACEBOOK_GRAPH_URL,
      version: this.env.GRAPH_API_VERSION,
      appSecrets: {
        instagram: clientSecrets("instagram", this.env.META_APP_SECRETS),
        facebook: clientSecrets("facebook", this.env.META_APP_SECRETS),
      },
      fetch: (url, init) => fetch(url, init),
    });
  }
}
