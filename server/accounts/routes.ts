import type { FastifyReply } from "fastify";
import { z } from "zod";
import type { Http } from "../http/server.ts";
import { Problem } from "../lib/problem.ts";
import { FirstSignIn, Session, SignIn } from "./schema.ts";
import type { Sessions, SignedIn } from "./sessions.ts";

/** Signing in to the panel. Public, but never from another site: the panel's header is required. */
export async function sessionRoutes(http: Http, { sessions }: { sessions: Sessions }): Promise<void> {
  const config = { isPublic: true };
  http.addHook("onRequest", async (request) => {
    if (request.method !== "GET" && request.headers["x-chapar-panel"] === undefined) {
      throw new Problem("forbidden", "Signing in and out needs the header x-chapar-panel.");
    }
  });

  http.get(
    "/session",
    { config, schema: { tags: ["Panel"], summary: "Who is signed in", response: { 200: Session } } },
    async (request) => {
      const found = await sessions.find(request.headers.cookie);
      if (!found) throw new Problem("unauthorized", "Nobody is signed in.");
      return { account: found.account, apps: found.apps };
    },
  );

  http.post(
    "/session",
    { config, schema: { tags: ["Panel"], summary: "Sign in", body: SignIn, response: { 200: Session } } },
    async (request, reply) => welcome(reply, await sessions.signIn(request.body, request.ip)),
  );

  http.post(
    "/session/first",
    {
      config,
      schema: {
        tags: ["Panel"],
        summary: "Make the first account",
        body: FirstSignIn,
        response: { 200: Session },
      },
    },
    async (request, reply) => welcome(reply, await sessions.signInFirst(request.body, request.ip)),
  );

  http.delete(
    "/session",
    { config, schema: { tags: ["Panel"], summary: "Sign out", response: { 204: z.null() } } },
    async (request, reply) => {
      reply.header("set-cookie", await sessions.signOut(request.headers.cookie));
      return reply.status(204).send(null);
    },
  );
}

function welcome(reply: FastifyReply, signedIn: SignedIn): Session {
  reply.header("set-cookie", signedIn.setCookies);
  return signedIn.session;
}
