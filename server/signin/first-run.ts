import { insertApp } from "../accounts/apps.ts";
import { createAccessToken, hashSecret, makeSecret } from "../accounts/tokens.ts";
import type { Config } from "../config.ts";
import type { Database } from "../db/database.ts";
import { hasAccounts, hasUsableSignInCode, insertSignInCode } from "./queries.ts";

export interface FirstRun {
  appId: string;
  /** Only at the very first start; it is never readable again. */
  newAccessToken: string | null;
  /** Of the one-time link. Null while an earlier link still works, or when somebody has an account already. */
  signInCode: string | null;
}

const linkLivesForMs = 24 * 3_600_000;

/**
 * Makes what a new installation needs: the app, its access token, and either the account that `ADMIN_EMAIL` and
 * `ADMIN_PASSWORD` name or a one-time link to make one. Run again it changes nothing, except that a link which
 * expired unused is replaced.
 */
export async function prepareFirstRun(db: Database, config: Config): Promise<FirstRun> {
  const now = new Date();
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  const { app, isNew } = await insertApp(db, { appId: config.appId, name: config.appId, timeZone, now });
  let newAccessToken: string | null = null;
  if (isNew) {
    const secret = await createAccessToken(db, {
      appKey: app.appKey,
      ...{ name: "first token", createdBy: "first start" },
      ...(config.accessToken ? { secret: config.accessToken } : {}),
    });
    newAccessToken = secret;
  } else if (config.accessToken) {
    await createAccessToken(db, {
      appKey: app.appKey,
      ...{ name: "from ACCESS_TOKEN", createdBy: "environment" },
      secret: config.accessToken,
    });
  }
  return { appId: app.appId, newAccessToken, signInCode: await prepareSignIn(db, config, now) };
}

async function prepareSignIn(db: Database, config: Config, now: Date): Promise<string | null> {
  if (await hasAccounts(db)) return null;
  if (config.adminEmail && config.adminPassword) {
    // Loaded only here: it takes longer than all the rest of a second start.
    const { createOwner } = await import("./account.ts");
    const { adminEmail: email, adminPassword: password } = config;
    await createOwner(db, { name: email, email, password });
    return null;
  }
  if (await hasUsableSignInCode(db, now)) return null;
  const code = makeSecret("");
  await insertSignInCode(db, {
    codeHash: hashSecret(code),
    expiresAt: new Date(now.getTime() + linkLivesForMs),
  });
  return code;
}
