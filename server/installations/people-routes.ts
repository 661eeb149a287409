import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { Database } from "../db/database.ts";
import type { Http } from "../http/server.ts";
import { Problem } from "../lib/problem.ts";
import { readTags } from "../users/registers.ts";
import { addTags, removeTags, removeValueTag, setValueTag } from "../users/tags.ts";
import { getUser } from "../users/users.ts";
import { requireOwn } from "./own.ts";
import { changeAttributesOf, changeTags, fetchById, fetchByUserId, readTopics } from "./people.ts";
import {
  AttributesAnswer,
  AttributesRequest,
  DeviceCount,
  FullInstallation,
  RemoveValueTagRequest,
  TagPath,
  TagsRequest,
  ValueTagRequest,
} from "./people-schema.ts";
import { UserId } from "./schema.ts";

/** What Chabok's API does to people by way of their installations: tags, attributes, and reading them. */
export async function peopleRoutes(http: Http, { db }: { db: Database }): Promise<void> {
  const tagged = (summary: string) => ({ tags: ["Tags"], summary, response: { 200: DeviceCount } });
  const config = { allowsPublicKey: true };

  http.get(
    "/installations/addTag/:userId/:tag",
    { config: { permission: "users:write" }, schema: { ...tagged("Give a user a tag"), params: TagPath } },
    (request) => {
      requireToken(request);
      const { userId, tag } = request.params;
      return changeTags(db, request.caller, userId, (tx, user) => addTags(tx, user, [tag], new Date()));
    },
  );

  http.get(
    "/installations/removeTag/:userId/:tag",
    {
      config: { permission: "users:write" },
      schema: { ...tagged("Take a tag from a user"), params: TagPath },
    },
    (request) => {
      requireToken(request);
      const { userId, tag } = request.params;
      return changeTags(db, request.caller, userId, (tx, user) => removeTags(tx, user, [tag], new Date()));
    },
  );

  http.post(
    "/installations/addTags",
    { config, schema: { ...tagged("Give a user several tags"), body: TagsRequest } },
    async (request) => {
      const { userId, tags } = request.body;
      await requireOwn(db, request.caller, { userId });
      return changeTags(db, request.caller, userId, (tx, user) => addTags(tx, user, tags, new Date()));
    },
  );

  http.post(
    "/installations/removeTags",
    { config, schema: { ...tagged("Take several tags from a user"), body: TagsRequest } },
    async (request) => {
      const { userId, tags } = request.body;
      await requireOwn(db, request.caller, { userId });
      return changeTags(db, request.caller, userId, (tx, user) => removeTags(tx, user, tags, new Date()));
    },
  );

  http.post(
    "/installations/addValueTag",
    {
      config,
      schema: {
        ...tagged("Set the value of a tag: city, tehran becomes city_tehran"),
        body: ValueTagRequest,
      },
    },
    async (request) => {
      const { userId, tag, value } = request.body;
      await requireOwn(db, request.caller, { userId });
      return changeTags(db, request.caller, userId, (tx, user) =>
        setValueTag(tx, user, { key: tag, value }, new Date()),
      );
    },
  );

  http.post(
    "/installations/removeValueTag",
    {
      config,
      schema: { ...tagged("Take a tag from a user, whatever its value"), body: RemoveValueTagRequest },
    },
    async (request) => {
      const { userId, tag } = request.body;
      await requireOwn(db, request.caller, { userId });
      return changeTags(db, request.caller, userId, (tx, user) => removeValueTag(tx, user, tag, new Date()));
    },
  );

  http.post(
    "/installations/attributes",
    {
      config,
      schema: {
        tags: ["Attributes"],
        summary: "Set, unset, increment attributes; add and remove items of lists",
        description:
          "By `userId`, who is made if there is none, or by `installationId`, whose owner is meant. A value that does " +
          "not fit the type of its attribute is not stored and named in `refused`; the rest is stored.",
        body: AttributesRequest,
        response: { 200: AttributesAnswer },
      },
    },
    async (request) => {
      await requireOwn(db, request.caller, request.body);
      const { count, refused } = await changeAttributesOf(db, request.caller, request.body, new Date());
      return refused.length > 0 ? { count, refused } : { count };
    },
  );

  http.get(
    "/installations/fetchById/:id",
    {
      schema: {
        tags: ["Installations"],
        summary: "One installation with its user's tags and attributes",
        params: z.object({ id: z.string().min(1).max(128) }),
        response: { 200: FullInstallation },
      },
    },
    (request) => fetchById(db, request.caller, request.params.id),
  );

  http.get(
    "/installations/fetchByUserId/:userId",
    {
      schema: {
        tags: ["Installations"],
        summary: "All installations of a user",
        params: z.object({ userId: UserId }),
        response: { 200: z.array(FullInstallation) },
      },
    },
    (request) => fetchByUserId(db, request.caller, request.params.userId),
  );

  http.get(
    "/installations/tags",
    {
      schema: {
        tags: ["Tags"],
        summary: "All tags in use, at most 10,000",
        response: { 200: z.array(z.string()) },
      },
    },
    (request) => readTags(db, request.caller.appKey),
  );

  http.get(
    "/installations/channels",
    {
      schema: {
        tags: ["Installations"],
        summary: "All topics in use, with `default`, in which every installation is",
        response: { 200: z.array(z.string()) },
      },
    },
    (request) => readTopics(db, request.caller.appKey),
  );

  http.get(
    "/installations/tags/:userId",
    {
      config,
      schema: {
        tags: ["Tags"],
        summary: "Tags of a user",
        params: z.object({ userId: UserId }),
        response: { 200: z.array(z.string()) },
      },
    },
    async ({ caller, params: { userId } }) => {
      await requireOwn(db, caller, { userId });
      return (await getUser(db, caller, userId)).tags;
    },
  );
}

/** A GET that writes is part of the wire contract; with a cookie any page could make the browser send it. */
function requireToken(request: FastifyRequest): void {
  if (request.caller.by === "token") return;
  throw new Problem("forbidden", "This address changes something, so it takes an access token only.");
}
