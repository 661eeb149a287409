import { z } from "zod";
import { Role } from "../accounts/permissions.ts";

/** Somebody of the team. */
export const Member = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    role: Role,
    joinedAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime().nullable().describe("Of their open sessions the latest; null without one"),
    hasSecondFactor: z.boolean(),
    isYou: z.boolean(),
  })
  .meta({ id: "Member" });
export type Member = z.infer<typeof Member>;

/** Who was asked in and has not come yet. */
export const Invitation = z
  .object({
    id: z.uuid(),
    email: z.string(),
    role: Role,
    invitedBy: z.string(),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: "Invitation" });
export type Invitation = z.infer<typeof Invitation>;

/** `GET /api/team` */
export const Team = z
  .object({ members: z.array(Member), invitations: z.array(Invitation) })
  .meta({ id: "Team" });
export type Team = z.infer<typeof Team>;

/** Body of `POST /api/team/invitations`. */
export const NewInvitation = z.strictObject({ email: z.email(), role: Role }).meta({ id: "NewInvitation" });
export type NewInvitation = z.infer<typeof NewInvitation>;

/** Its answer: the link is told this once, to be handed on; it works once and for seven days. */
export const CreatedInvitation = Invitation.extend({ link: z.string() }).meta({ id: "CreatedInvitation" });
export type CreatedInvitation = z.infer<typeof CreatedInvitation>;

/** Body of `PATCH /api/team/{id}`. */
export const MemberChange = z.strictObject({ role: Role }).meta({ id: "MemberChange" });
