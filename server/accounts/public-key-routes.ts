import { z } from "zod";
import type { Database } from "../db/database.ts";
import type { Http } from "../http/server.ts";
import { PageQuery, pageOf } from "../lib/page.ts";
import { changePublicKey, createPublicKey, listPublicKeys, removePublicKey } from "./public-keys.ts";
import { NewPublicKey, PublicKey, PublicKeyChange, UserHashSecret } from "./public-keys-schema.ts";
import { readUserHashSecret, rotateUserHashSecret } from "./user-hash.ts";

const Params = z.object({ id: z.uuid() });

/** What apps and pages call with, and how they prove who logs in. */
export async function publicKeyRoutes(
  http: Http,
  { db, secretKey }: { db: Database; secretKey: string },
): Promise<void> {
  const tags = ["Settings"];

  http.get(
    "/public-keys",
    {
      schema: {
        ...{ tags, summary: "Public keys of the app, the newest first" },
        querystring: PageQuery,
        response: { 200: pageOf(PublicKey) },
      },
    },
    ({ caller, query }) => listPublicKeys(db, caller.appKey, query),
  );

  http.post(
    "/public-keys",
    {
      schema: {
        ...{ tags, summary: "Make a public key for apps or pages" },
        body: NewPublicKey,
        response: { 201: PublicKey },
      },
    },
    async ({ caller, body }, reply) => reply.status(201).send(await createPublicKey(db, caller, body)),
  );

  http.patch(
    "/public-keys/:id",
    {
      schema: {
        ...{ tags, summary: "Rename a public key, or say which pages may use it" },
        params: Params,
        body: PublicKeyChange,
        response: { 200: PublicKey },
      },
    },
    ({ caller, params, body }) => changePublicKey(db, caller, params.id, body),
  );

  http.delete(
    "/public-keys/:id",
    {
      schema: {
        ...{ tags, summary: "Delete a public key: what has it can call nothing any more" },
        params: Params,
        response: { 204: z.null() },
      },
    },
    async ({ caller, params }, reply) => {
      await removePublicKey(db, caller, params.id);
      return reply.status(204).send(null);
    },
  );

  http.get(
    "/settings/user-hash",
    {
      config: { permission: "settings:write" },
      schema: {
        ...{ tags, summary: "What your own server makes the hash of a user id with, that proves a log in" },
        response: { 200: UserHashSecret },
      },
    },
    async ({ caller }) => ({ secret: await readUserHashSecret(db, caller, secretKey) }),
  );

  http.post(
    "/settings/user-hash/rotate",
    {
      schema: {
        ...{ tags, summary: "Replace that secret: hashes made with the old one are refused from now on" },
        response: { 200: UserHashSecret },
      },
    },
    async ({ caller }) => ({ secret: await rotateUserHashSecret(db, caller, secretKey) }),
  );
}
