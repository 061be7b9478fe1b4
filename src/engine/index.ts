export { Account } from "./account/object.ts";
export { Directory } from "./directory/object.ts";

export default { fetch: () => new Response("ok") };
