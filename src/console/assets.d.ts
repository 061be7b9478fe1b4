/** Made by scripts/build-console.ts. */
declare module "*/dist/console/assets.js" {
  interface Asset {
    /** With a hash of the content in it. */
    name: string;
    type: string;
    content: string;
  }
  export const script: Asset;
  export const style: Asset;
}
