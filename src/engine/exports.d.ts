/** Declares the engine's entry points for the types of `ctx.exports`. */
declare namespace Cloudflare {
  interface GlobalProps {
    mainModule: typeof import("./index.ts");
  }
}
