import { z } from "zod";
import { createTracker, type TrackerParts } from "../events/track.ts";
import { faultsOfBody } from "../http/problems.ts";
import type { Http } from "../http/server.ts";
import type { AbsorbGuests } from "../installations/guests.ts";
import { forgetToken, registerInstallation } from "../installations/installations.ts";
import { requireOwn } from "../installations/own.ts";
import { changeAttributesOf, fetchById } from "../installations/people.ts";
import { AttributesAnswer, FullInstallation } from "../installations/people-schema.ts";
import { validationProblem } from "../lib/problem.ts";
import { requireClient } from "./clients.ts";
import { takeDeviceEvents } from "./device-events.ts";
import {
  DeviceEvents,
  DeviceEventsAnswer,
  DeviceTokenUpdate,
  DeviceWithToken,
  IncrementAttributes,
  UserInfo,
} from "./profile-schema.ts";
import { ClientPath } from "./routes.ts";
import { readIncrements, readUserInfo } from "./user-info.ts";

/** What Chabok's SDKs say for a device without a token. */
const noToken: readonly (string | null)[] = [null, "disabled", "NOT_EXIST"];

/** What a device tells of itself and its user, as Chabok's SDKs do. */
export async function profileRoutes(
  http: Http,
  parts: TrackerParts & { absorb: AbsorbGuests },
): Promise<void> {
  const { db } = parts;
  const config = { allowsPublicKey: true };
  const tracker = createTracker(parts);

  http.get(
    "/installations/:id",
    {
      config,
      schema: {
        ...{ tags: ["Installations"], summary: "A device with its user's tags and attributes" },
        params: ClientPath,
        response: { 200: FullInstallation },
      },
    },
    async ({ caller, params: { id } }) => {
      await requireClient(db, caller, id);
      return fetchById(db, caller, id);
    },
  );

  http.put(
    "/installations/userInfo",
    {
      config,
      schema: {
        ...{
          tags: ["Attributes"],
          summary: "Attributes of the user of a device, as Chabok's SDKs write them",
        },
        body: UserInfo,
        response: { 200: AttributesAnswer },
      },
    },
    async ({ caller, body }) => {
      const { installationId } = body;
      await requireOwn(db, caller, { installationId });
      return answerOf(
        await changeAttributesOf(db, caller, { installationId, ...readUserInfo(body) }, new Date()),
      );
    },
  );

  http.post(
    "/installations/incrementAttribute",
    {
      config,
      schema: {
        ...{ tags: ["Attributes"], summary: "Add to numbers among the attributes of the user of a device" },
        body: IncrementAttributes,
        response: { 200: AttributesAnswer },
      },
    },
    async ({ caller, body: { installationId, attributes } }) => {
      await requireOwn(db, caller, { installationId });
      const change = { installationId, increment: readIncrements(attributes) };
      return answerOf(await changeAttributesOf(db, caller, change, new Date()));
    },
  );

  http.post(
    "/installations/updateDeviceToken",
    {
      config,
      schema: {
        ...{ tags: ["Installations"], summary: "The push token of a device is another one, or gone" },
        body: DeviceTokenUpdate,
        response: { 204: z.null() },
      },
    },
    async ({ caller, body: { installationId: id, deviceToken, tokenService, ...body } }, reply) => {
      const present = await requireClient(db, caller, id);
      if (noToken.includes(deviceToken)) await forgetToken(db, caller, id);
      else {
        const deviceType = body.deviceType ?? present.deviceType;
        const device = DeviceWithToken.safeParse({ id, deviceType, deviceToken, tokenService });
        if (!device.success) throw validationProblem(faultsOfBody(device.error));
        await registerInstallation(parts, caller, device.data);
      }
      return reply.status(204).send(null);
    },
  );

  http.post(
    "/installations/events",
    {
      config,
      schema: {
        ...{ tags: ["Events"], summary: "What a device did: notifications shown and opened, events tracked" },
        description:
          "What is sent again is not counted twice, given the `id` of an event. Items that cannot be taken are named in " +
          "`refused`; the others are stored.",
        body: DeviceEvents,
        response: { 200: DeviceEventsAnswer },
      },
    },
    async ({ caller, body: { installationId, eventData } }) => {
      await requireClient(db, caller, installationId);
      return answerOf(await takeDeviceEvents({ db, tracker }, caller, installationId, eventData));
    },
  );
}

const answerOf = <T>({ count, refused }: { count: number; refused: T[] }) =>
  refused.length > 0 ? { count, refused } : { count };
