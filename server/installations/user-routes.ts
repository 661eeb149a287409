import { z } from "zod";
import type { Database } from "../db/database.ts";
import type { Http } from "../http/server.ts";
import { pageOf } from "../lib/page.ts";
import { UserQuery } from "../users/schema.ts";
import type { UsersOf } from "../users/users.ts";
import {
  AddUserRequest,
  EditedUser,
  EditUserRequest,
  ListedUser,
  UserWithInstallations,
} from "./user-schema.ts";
import { addUserOf, editUserOf, getUserWithDevices, listUsersWithDevices } from "./users-with-devices.ts";

const Params = z.object({ userId: z.string().min(1).max(128) });

/** Users. Here and not in their own room, since each answer shows devices, of which users know nothing. */
export async function userRoutes(
  http: Http,
  { db, usersOf }: { db: Database; usersOf: UsersOf },
): Promise<void> {
  http.get(
    "/users",
    {
      schema: {
        tags: ["Users"],
        summary: "Users by id: all, those found by a search, those with a tag, of a segment or of an import",
        querystring: UserQuery,
        response: { 200: pageOf(ListedUser) },
      },
    },
    (request) => listUsersWithDevices(db, request.caller, request.query, usersOf),
  );

  http.post(
    "/users",
    {
      schema: {
        tags: ["Users"],
        summary: "Add one user",
        description:
          "409 `conflict` when there is a user with this id. Files bring many at once: POST /api/imports.",
        body: AddUserRequest,
        response: { 201: EditedUser },
      },
    },
    async (request, reply) =>
      reply.status(201).send(await addUserOf(db, request.caller, request.body, new Date())),
  );

  http.get(
    "/users/:userId",
    {
      schema: {
        tags: ["Users"],
        summary: "One user with their devices, and which channels reach them",
        params: Params,
        response: { 200: UserWithInstallations },
      },
    },
    (request) => getUserWithDevices(db, request.caller, request.params.userId),
  );

  http.patch(
    "/users/:userId",
    {
      schema: {
        tags: ["Users"],
        summary: "Change a user: addresses, language, attributes, tags, channels left",
        description:
          "All of it or nothing, but for attributes whose value does not fit their type: those are named in `refused`.",
        params: Params,
        body: EditUserRequest,
        response: { 200: EditedUser },
      },
    },
    (request) =>
      editUserOf(db, request.caller, { ...request.body, userId: request.params.userId }, new Date()),
  );
}
