import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { Database } from "../db/database.ts";
import type { Http } from "../http/server.ts";
import {
  changePassword,
  confirmSecondFactor,
  dropSecondFactor,
  listDevices,
  prepareSecondFactor,
  rename,
  renewBackupCodes,
  signOutElsewhere,
} from "./account.ts";
import type { Auth } from "./auth.ts";
import {
  AccountChange,
  BackupCodes,
  PasswordChange,
  PasswordProof,
  SecondFactor,
  Session,
  SignedInDevice,
  SignInCode,
} from "./schema.ts";
import type { FoundSession } from "./sessions.ts";

/** What everybody may change of their own account, whatever their role is in whichever app. */
export async function ownAccountRoutes(
  http: Http,
  {
    requireSession,
    ...parts
  }: {
    db: Database;
    auth: Auth;
    requireSession(request: FastifyRequest): Promise<FoundSession>;
  },
): Promise<void> {
  const { db } = parts;
  const config = { isPublic: true };
  const tags = ["Panel"];

  http.patch(
    "/session/account",
    {
      config,
      schema: { tags, summary: "Change one's name", body: AccountChange, response: { 200: Session } },
    },
    async (request) => {
      await rename(db, await requireSession(request), request.body.name);
      return (await requireSession(request)).session;
    },
  );

  http.post(
    "/session/password",
    {
      config,
      schema: {
        ...{ tags, summary: "Change one's password; all other sessions end" },
        body: PasswordChange,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await changePassword(db, await requireSession(request), request.body);
      return reply.status(204).send(null);
    },
  );

  http.get(
    "/session/devices",
    {
      config,
      schema: { tags, summary: "Where one is signed in", response: { 200: z.array(SignedInDevice) } },
    },
    async (request) => listDevices(db, await requireSession(request)),
  );

  http.delete(
    "/session/devices/:id",
    {
      config,
      schema: {
        ...{ tags, summary: "Sign out one session of one's own, or with `others` all but this one" },
        params: z.object({ id: z.string() }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await signOutElsewhere(db, await requireSession(request), id === "others" ? null : id);
      return reply.status(204).send(null);
    },
  );

  http.post(
    "/session/second-factor",
    {
      config,
      schema: {
        ...{ tags, summary: "Begin with a second factor: a secret for an authenticator app (RFC 6238)" },
        body: PasswordProof,
        response: { 200: SecondFactor },
      },
    },
    async (request, reply) => {
      const found = await requireSession(request);
      const made = await prepareSecondFactor(parts, found, request.body, request.headers.cookie);
      reply.header("set-cookie", made.setCookies);
      return made.body;
    },
  );

  http.post(
    "/session/second-factor/confirm",
    {
      config,
      schema: {
        ...{ tags, summary: "Turn the second factor on, with a first code of it" },
        body: SignInCode.pick({ code: true }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const found = await requireSession(request);
      const cookies = await confirmSecondFactor(parts, found, request.body.code, request.headers.cookie);
      return reply.header("set-cookie", cookies).status(204).send(null);
    },
  );

  http.post(
    "/session/second-factor/backup-codes",
    {
      config,
      schema: {
        ...{ tags, summary: "New backup codes in place of the earlier ones" },
        body: PasswordProof,
        response: { 200: BackupCodes },
      },
    },
    async (request) => ({
      backupCodes: await renewBackupCodes(
        parts,
        await requireSession(request),
        request.body,
        request.headers.cookie,
      ),
    }),
  );

  http.post(
    "/session/second-factor/remove",
    {
      config,
      schema: {
        ...{ tags, summary: "Do without the second factor" },
        body: PasswordProof,
        response: { 200: Session },
      },
    },
    async (request) => {
      await dropSecondFactor(db, await requireSession(request), request.body);
      return (await requireSession(request)).session;
    },
  );
}
