import { z } from "zod";

/** What a device reports on its `ack` topic: the message by its id, and what became of it there. */
export const Acknowledgement = z.object({
  id: z.uuid(),
  state: z.enum(["delivered", "seen", "clicked", "dismissed"]),
  /** When it happened by the device's clock: ISO 8601 or milliseconds since 1970. */
  at: z.union([z.iso.datetime({ offset: true }), z.number().min(0).max(8.64e15)]).optional(),
  action: z.string().max(100).optional(),
});
export type Acknowledgement = z.infer<typeof Acknowledgement>;

const eventName = "expected the name of an event, without spaces and / + #";

/** `POST /api/realtime/events`: something that happens now, told to whoever listens. */
export const RealtimeEvent = z
  .strictObject({
    eventName: z
      .string(eventName)
      .max(100)
      .regex(/^[^\s/+#]+$/, eventName),
    installationId: z
      .string()
      .regex(/^[^/+#]{1,128}$/, "expected the id of an installation")
      .optional()
      .describe("Whose event it is, for those who listen to one installation; the server's own without it"),
    data: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: "RealtimeEvent" });
