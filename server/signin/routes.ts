import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Database } from "../db/database.ts";
import type { Http } from "../http/server.ts";
import { Problem } from "../lib/problem.ts";
import { acceptInvitation, createFirstAccount, showInvitation } from "./account.ts";
import type { Auth, Oidc } from "./auth.ts";
import { ownAccountRoutes } from "./own-account-routes.ts";
import {
  CodeWanted,
  FirstSignIn,
  InvitationAnswer,
  InvitationCode,
  InvitationShown,
  Session,
  SignIn,
  SignInCode,
  SignInWays,
} from "./schema.ts";
import type { FoundSession, Sessions, SignedIn, Visitor } from "./sessions.ts";

/** Signing in to the panel, and the account of who is. Public, but never from another site: the panel's header is required. */
export async function sessionRoutes(
  http: Http,
  parts: { db: Database; sessions: Sessions; auth: Auth; oidc: Oidc | null },
): Promise<void> {
  const { db, sessions, oidc } = parts;
  const config = { isPublic: true };
  const tags = ["Panel"];
  http.addHook("onRequest", async (request) => {
    if (request.method !== "GET" && request.headers["x-chapar-panel"] === undefined) {
      throw new Problem("forbidden", "Signing in and out needs the header x-chapar-panel.");
    }
  });

  http.get(
    "/session",
    { config, schema: { tags, summary: "Who is signed in", response: { 200: Session } } },
    async (request) => (await requireSession(sessions, request)).session,
  );

  http.get(
    "/session/ways",
    { config, schema: { tags, summary: "How one may sign in", response: { 200: SignInWays } } },
    async () => ({ company: oidc && { name: oidc.name } }),
  );

  http.post(
    "/session",
    {
      config,
      schema: { tags, summary: "Sign in", body: SignIn, response: { 200: Session, 202: CodeWanted } },
    },
    async (request, reply) => {
      const answer = await sessions.signIn(request.body, visitor(request));
      if ("session" in answer) return welcome(reply, answer);
      reply.header("set-cookie", answer.setCookies);
      return reply.status(202).send({ needsCode: true as const });
    },
  );

  http.post(
    "/session/code",
    {
      config,
      schema: {
        ...{ tags, summary: "The second step of signing in: a code of the authenticator app" },
        body: SignInCode,
        response: { 200: Session },
      },
    },
    async (request, reply) => welcome(reply, await sessions.signInByCode(request.body, visitor(request))),
  );

  http.post(
    "/session/first",
    {
      config,
      schema: { tags, summary: "Make the first account", body: FirstSignIn, response: { 200: Session } },
    },
    async (request, reply) => {
      await createFirstAccount(db, request.body);
      return signInAs(reply, request, request.body);
    },
  );

  http.post(
    "/session/invitation",
    {
      config,
      schema: {
        ...{ tags, summary: "What an invitation is about" },
        body: InvitationCode,
        response: { 200: InvitationShown },
      },
    },
    ({ body }) => showInvitation(db, body.code),
  );

  http.post(
    "/session/invitation/accept",
    {
      config,
      schema: {
        ...{ tags, summary: "Join the team that the invitation is of" },
        body: InvitationAnswer,
        response: { 200: Session },
      },
    },
    async (request, reply) => {
      const signedIn = await sessions.find(request.headers.cookie);
      const { password } = request.body;
      const joined = await acceptInvitation(db, request.body, { signedIn, hasCompany: oidc !== null });
      if (signedIn?.session.account.email === joined.email)
        return (await requireSession(sessions, request)).session;
      if (password !== undefined) return signInAs(reply, request, { email: joined.email, password });
      throw new Problem("unauthorized", `You are in the team; now sign in with ${oidc?.name}.`);
    },
  );

  http.delete(
    "/session",
    { config, schema: { tags, summary: "Sign out", response: { 204: z.null() } } },
    async (request, reply) => {
      reply.header("set-cookie", await sessions.signOut(request.headers.cookie));
      return reply.status(204).send(null);
    },
  );

  if (oidc) companyRoutes(http, sessions);
  await http.register(ownAccountRoutes, {
    ...parts,
    requireSession: (request: FastifyRequest) => requireSession(sessions, request),
  });

  async function signInAs(
    reply: FastifyReply,
    request: FastifyRequest,
    { email, password }: SignIn,
  ): Promise<Session> {
    const answer = await sessions.signIn({ email, password }, visitor(request));
    if ("session" in answer) return welcome(reply, answer);
    throw new Error("a new account has no second factor");
  }
}

/** Sign-in by the company's provider (OpenID Connect Core 1.0 §3.1): there and back by redirects. */
function companyRoutes(http: Http, sessions: Sessions): void {
  const config = { isPublic: true };
  http.get("/session/company", { config, schema: { hide: true } }, async (request, reply) => {
    const { url, setCookies } = await sessions.startCompany(visitor(request));
    return reply.header("set-cookie", setCookies).redirect(url);
  });
  http.get("/session/company/callback", { config, schema: { hide: true } }, async (request, reply) => {
    const query = request.url.split("?")[1] ?? "";
    const { url, setCookies } = await sessions.endCompany(query, visitor(request));
    return reply.header("set-cookie", setCookies).redirect(url);
  });
}

const visitor = ({ ip, headers }: FastifyRequest): Visitor => ({
  ...{ ip, cookie: headers.cookie, userAgent: headers["user-agent"] },
});

async function requireSession(sessions: Sessions, request: FastifyRequest): Promise<FoundSession> {
  const found = await sessions.find(request.headers.cookie);
  if (!found) throw new Problem("unauthorized", "Nobody is signed in.");
  return found;
}

function welcome(reply: FastifyReply, signedIn: SignedIn): Session {
  reply.header("set-cookie", signedIn.setCookies);
  return signedIn.session;
}
