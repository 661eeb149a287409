import { z } from "zod";
import { Channel } from "../../channels/schema.ts";
import { PageQuery } from "../../lib/page.ts";
import { CampaignContent } from "../schema.ts";

const Name = z.string().trim().min(1, "is required: what you call it").max(200);

/** Body of `POST /api/templates`. Its texts are checked: only drafts of campaigns may be half written. */
export const NewSavedTemplate = z
  .strictObject({ name: Name, channel: Channel, content: CampaignContent })
  .meta({ id: "NewSavedTemplate" });
export type NewSavedTemplate = z.infer<typeof NewSavedTemplate>;

/** Body of `PATCH /api/templates/{id}`. Another content is another version. */
export const SavedTemplateChange = z
  .strictObject({ name: Name, content: CampaignContent })
  .partial()
  .meta({ id: "SavedTemplateChange" });
export type SavedTemplateChange = z.infer<typeof SavedTemplateChange>;

/** Query of `GET /api/templates`. */
export const SavedTemplateQuery = PageQuery.extend({
  channel: Channel.optional(),
  search: z.string().trim().max(200).optional().describe("Part of the name, in capitals or not"),
});
export type SavedTemplateQuery = z.infer<typeof SavedTemplateQuery>;

/** A content to start campaigns from. */
export const SavedTemplate = z
  .object({
    id: z.uuid(),
    name: z.string(),
    channel: Channel,
    version: z.int().describe("The latest, from 1"),
    content: CampaignContent.describe("Of the latest version. Lists leave out what e-mails look like"),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    updatedBy: z.string().describe("Name of the access token, or e-mail address of the account"),
  })
  .meta({ id: "SavedTemplate" });
export type SavedTemplate = z.infer<typeof SavedTemplate>;

export const SavedTemplateVersion = z
  .object({
    version: z.int(),
    content: CampaignContent,
    createdAt: z.iso.datetime(),
    createdBy: z.string(),
  })
  .meta({ id: "SavedTemplateVersion" });
export type SavedTemplateVersion = z.infer<typeof SavedTemplateVersion>;

/** Body of `POST /api/templates/{id}/restore`. */
export const RestoreRequest = z
  .strictObject({ version: z.int().min(1).describe("Which to make the latest again") })
  .meta({ id: "RestoreRequest" });

/** Body of `POST /api/templates/check`. */
export const ContentCheckRequest = z
  .strictObject({ content: CampaignContent })
  .meta({ id: "ContentCheckRequest" });

/** What of a content may be a mistake, and is none that keeps it from being sent. */
export const ContentCheck = z
  .object({
    unknown: z
      .array(
        z.object({
          pointer: z.string().describe("Of the text, within `content`"),
          path: z.string().describe("The variable: user.frist_name"),
          detail: z.string().describe("What it may have been meant for"),
        }),
      )
      .describe("Variables that nobody has a value for"),
  })
  .meta({ id: "ContentCheck" });
