/** Tells the types of `ctx.exports` which entry points the engine has. */
declare namespace Cloudflare {
  interface GlobalProps {
    mainModule: typeof import("./index.ts");
  }
}
