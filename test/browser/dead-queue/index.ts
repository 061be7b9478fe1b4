interface Env {
  DEAD: { send(message: unknown): Promise<void> };
  NEXT: { fetch(request: Request): Promise<Response> };
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    if (new URL(request.url).pathname !== "/__dead") return await env.NEXT.fetch(request);
    await env.DEAD.send(await request.json());
    return new Response(null, { status: 204 });
  },
};
