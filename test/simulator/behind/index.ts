export default {
  fetch: (request: Request): Response => new Response(`${request.method} ${new URL(request.url).pathname}`),
};
