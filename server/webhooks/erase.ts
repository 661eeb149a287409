export { eraseFromOutbox as eraseFromWebhooks } from "./attempt-queries.ts";
