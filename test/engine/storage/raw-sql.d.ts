/** Fixtures as text. https://vite.dev/guide/assets.html#importing-asset-as-string */
declare module "*.sql?raw" {
  const text: string;
  export default text;
}
