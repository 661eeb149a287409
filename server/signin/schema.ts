import { z } from "zod";
import { Permission, Role } from "../accounts/permissions.ts";

const Name = z.string().trim().min(1).max(100);
const Password = z.string().min(8, "expected at least 8 characters").max(128);

/** Who is signed in to the panel, and the apps they may see. */
export const Session = z
  .object({
    account: z.object({
      name: z.string(),
      email: z.string(),
      hasPassword: z.boolean().describe("Not when they come by the company's sign-in alone"),
      hasSecondFactor: z.boolean(),
    }),
    apps: z.array(
      z.object({
        appId: z.string(),
        name: z.string(),
        timeZone: z.string(),
        role: Role,
        permissions: z.array(Permission),
      }),
    ),
  })
  .meta({ id: "Session" });
export type Session = z.infer<typeof Session>;

/** `POST /api/session` of an account with a second factor: the code is to follow. */
export const CodeWanted = z.object({ needsCode: z.literal(true) }).meta({ id: "CodeWanted" });
export type CodeWanted = z.infer<typeof CodeWanted>;

/** `GET /api/session/ways`: how one may sign in. */
export const SignInWays = z
  .object({
    company: z
      .object({ name: z.string() })
      .nullable()
      .describe("Sign-in by OpenID Connect, where it is set up"),
  })
  .meta({ id: "SignInWays" });
export type SignInWays = z.infer<typeof SignInWays>;

/** `POST /api/session/first`: the one-time link of the first start makes the first account. */
export const FirstSignIn = z
  .strictObject({ code: z.string().min(1), name: Name, email: z.email(), password: Password })
  .meta({ id: "FirstSignIn" });
export type FirstSignIn = z.infer<typeof FirstSignIn>;

/** `POST /api/session`: sign in to the panel. */
export const SignIn = z
  .strictObject({ email: z.email(), password: z.string().min(1).max(128) })
  .meta({ id: "SignIn" });
export type SignIn = z.infer<typeof SignIn>;

/** `POST /api/session/code`: the second factor, after the password. */
export const SignInCode = z
  .strictObject({
    code: z.string().trim().min(6).max(32).describe("Of the authenticator app, or one of the backup codes"),
    trustsDevice: z.boolean().default(false).describe("Not to be asked again on this device for 30 days"),
  })
  .meta({ id: "SignInCode" });
export type SignInCode = z.infer<typeof SignInCode>;

/** `POST /api/session/invitation`: what the link of an invitation is about. */
export const InvitationCode = z.strictObject({ code: z.string().min(1) }).meta({ id: "InvitationCode" });
export const InvitationShown = z
  .object({
    email: z.string(),
    app: z.string(),
    role: Role,
    invitedBy: z.string(),
    hasAccount: z.boolean().describe("Then they sign in first, and take it with their session"),
  })
  .meta({ id: "InvitationShown" });
export type InvitationShown = z.infer<typeof InvitationShown>;

/** `POST /api/session/invitation/accept`: join. Name and password only from those who have no account yet. */
export const InvitationAnswer = z
  .strictObject({ code: z.string().min(1), name: Name.optional(), password: Password.optional() })
  .meta({ id: "InvitationAnswer" });
export type InvitationAnswer = z.infer<typeof InvitationAnswer>;

/** `PATCH /api/session/account` */
export const AccountChange = z.strictObject({ name: Name }).meta({ id: "AccountChange" });

/** `POST /api/session/password` */
export const PasswordChange = z
  .strictObject({ currentPassword: z.string().min(1).max(128), newPassword: Password })
  .meta({ id: "PasswordChange" });
export type PasswordChange = z.infer<typeof PasswordChange>;

/** Proves once more who it is, before something that protects the account changes. */
export const PasswordProof = z
  .strictObject({ password: z.string().min(1).max(128).optional().describe("Of accounts that have one") })
  .meta({ id: "PasswordProof" });
export type PasswordProof = z.infer<typeof PasswordProof>;

/** `POST /api/session/second-factor`: what goes into an authenticator app. It counts once a code of it came. */
export const SecondFactor = z
  .object({
    uri: z.string().describe("otpauth://… (Key URI format), for a QR code"),
    secret: z.string().describe("The same to be typed, in base32"),
    backupCodes: z.array(z.string()).describe("Each works once, without the app"),
  })
  .meta({ id: "SecondFactor" });
export type SecondFactor = z.infer<typeof SecondFactor>;

export const BackupCodes = z.object({ backupCodes: z.array(z.string()) }).meta({ id: "BackupCodes" });

/** `GET /api/session/devices`: where the account is signed in. */
export const SignedInDevice = z
  .object({
    id: z.string(),
    createdAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime().describe("To the day"),
    ip: z.string().nullable(),
    userAgent: z.string().nullable(),
    isCurrent: z.boolean(),
  })
  .meta({ id: "SignedInDevice" });
export type SignedInDevice = z.infer<typeof SignedInDevice>;
