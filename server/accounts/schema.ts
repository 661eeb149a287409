import { z } from "zod";

/** Who is signed in to the panel, and the apps they may see. */
export const Session = z
  .object({
    account: z.object({ name: z.string(), email: z.string() }),
    apps: z.array(
      z.object({ appId: z.string(), name: z.string(), timeZone: z.string(), role: z.enum(["admin"]) }),
    ),
  })
  .meta({ id: "Session" });
export type Session = z.infer<typeof Session>;

/** `POST /api/session/first`: the one-time link of the first start makes the first account. */
export const FirstSignIn = z
  .strictObject({
    code: z.string().min(1),
    name: z.string().trim().min(1).max(100),
    email: z.email(),
    password: z.string().min(8, "expected at least 8 characters").max(128),
  })
  .meta({ id: "FirstSignIn" });
export type FirstSignIn = z.infer<typeof FirstSignIn>;

/** `POST /api/session`: sign in to the panel. */
export const SignIn = z
  .strictObject({ email: z.email(), password: z.string().min(1).max(128) })
  .meta({ id: "SignIn" });
export type SignIn = z.infer<typeof SignIn>;
