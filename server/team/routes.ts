import { z } from "zod";
import type { Database } from "../db/database.ts";
import type { Http } from "../http/server.ts";
import { CreatedInvitation, MemberChange, NewInvitation, Team } from "./schema.ts";
import { changeMember, invite, readTeam, takeBackInvitation } from "./team.ts";

/** Who works with the app in the panel. */
export async function teamRoutes(
  http: Http,
  { db, publicUrl }: { db: Database; publicUrl: () => string },
): Promise<void> {
  const tags = ["Team"];

  http.get(
    "/team",
    { schema: { tags, summary: "The team, and who was asked in", response: { 200: Team } } },
    ({ caller }) => readTeam(db, caller),
  );

  http.patch(
    "/team/:id",
    {
      schema: {
        ...{ tags, summary: "Give somebody another role" },
        params: z.object({ id: z.string() }),
        body: MemberChange,
        response: { 200: Team },
      },
    },
    async ({ caller, params, body }) => {
      await changeMember(db, caller, params.id, body.role);
      return readTeam(db, caller);
    },
  );

  http.delete(
    "/team/:id",
    {
      schema: {
        ...{ tags, summary: "Take somebody out of the team: they see the app no more" },
        params: z.object({ id: z.string() }),
        response: { 204: z.null() },
      },
    },
    async ({ caller, params }, reply) => {
      await changeMember(db, caller, params.id, null);
      return reply.status(204).send(null);
    },
  );

  http.post(
    "/team/invitations",
    {
      schema: {
        ...{ tags, summary: "Ask somebody in by a link, which is answered once" },
        body: NewInvitation,
        response: { 201: CreatedInvitation },
      },
    },
    async ({ caller, body }, reply) => reply.status(201).send(await invite(db, caller, body, publicUrl())),
  );

  http.delete(
    "/team/invitations/:id",
    {
      schema: {
        ...{ tags, summary: "Make the link of an invitation worthless" },
        params: z.object({ id: z.uuid() }),
        response: { 204: z.null() },
      },
    },
    async ({ caller, params }, reply) => {
      await takeBackInvitation(db, caller, params.id);
      return reply.status(204).send(null);
    },
  );
}
