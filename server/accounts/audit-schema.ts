import { z } from "zod";
import { PageQuery } from "../lib/page.ts";

/** What can be done that is written down; the noun first, as everywhere in the API. */
export const auditActions = [
  "account.backup_codes_renewed",
  "account.changed",
  "account.joined",
  "account.locked",
  "account.password_changed",
  "account.password_reset",
  "account.second_factor_on",
  "account.second_factor_off",
  "account.signed_out_elsewhere",
  "app.created",
  "attribute.made_fast",
  "attribute.made_slow",
  "campaign.created",
  "campaign.changed",
  "campaign.deleted",
  "campaign.restored",
  "campaign.launched",
  "campaign.unscheduled",
  "campaign.paused",
  "campaign.resumed",
  "campaign.cancelled",
  "campaign.continued",
  "campaign.retried",
  "campaign.tested",
  "file.created",
  "file.deleted",
  "import.started",
  "import.cancelled",
  "import.undone",
  "invitation.created",
  "invitation.deleted",
  "member.changed",
  "member.removed",
  "message.sent",
  "message.paused",
  "message.resumed",
  "message.cancelled",
  "message.retried",
  "promo_codes.added",
  "provider.created",
  "provider.changed",
  "provider.deleted",
  "provider.tested",
  "public_key.created",
  "public_key.changed",
  "public_key.deleted",
  "sample.created",
  "sample.deleted",
  "segment.created",
  "segment.changed",
  "segment.deleted",
  "segment.restored",
  "settings.changed",
  "suppression.added",
  "suppression.lifted",
  "template.created",
  "template.changed",
  "template.deleted",
  "template.restored",
  "token.created",
  "token.revoked",
  "topic.changed",
  "topic.deleted",
  "user.created",
  "user.changed",
  "user.erased",
  "user_hash.rotated",
  "webhook.created",
  "webhook.changed",
  "webhook.deleted",
  "webhook.replayed",
  "webhook.rotated",
  "webhook.tested",
] as const;
const AuditAction = z.enum(auditActions);
export type AuditAction = z.infer<typeof AuditAction>;

/** One thing that was done. */
export const AuditEntry = z
  .object({
    id: z.string(),
    at: z.iso.datetime(),
    actor: z.string().describe("Name of the access token, or e-mail address of the account"),
    action: AuditAction,
    subject: z
      .string()
      .describe(
        "Of user.erased, and of what was done before to who was erased, the sha-256 of `<appId>/<userId>`, in hex; of member.… and account.… the e-mail address; of suppression.… the address; of attribute.… and topic.… the name; of promo_codes.… the track id; of the others the id of what it was done to",
      ),
    detail: z
      .record(z.string(), z.unknown())
      .describe(
        "Of a change `before` and `after`, of long texts and lists the beginning; null where there was or is nothing",
      ),
  })
  .meta({ id: "AuditEntry" });
export type AuditEntry = z.infer<typeof AuditEntry>;

/** Query of `GET /api/audit`. */
export const AuditQuery = PageQuery.extend({
  noun: z
    .string()
    .max(40)
    .optional()
    .describe("What it was done to, as the action begins: `segment`, `campaign`, `member` …"),
  actor: z.string().max(320).optional().describe("Who did it, exactly as `actor` has it"),
  subject: z.string().max(320).optional().describe("What it was done to, exactly as `subject` has it"),
});
export type AuditQuery = z.infer<typeof AuditQuery>;
