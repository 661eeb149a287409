import { randomBytes } from "node:crypto";
import { resetPassword } from "../signin/account.ts";
import { readArguments, UsageError } from "./arguments.ts";
import { withProductDatabase } from "./database.ts";

/** `chapar admin reset-password EMAIL`: prints a new password for who cannot get in, once. */
export async function admin(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    { "keep-second-factor": { type: "boolean" } },
    { min: 2, max: 2 },
  );
  const [command, email = ""] = positionals;
  if (command !== "reset-password")
    throw new UsageError(`Unknown command "admin ${command}"; see chapar --help`);
  // 120 random bits, in groups that can be read aloud.
  const password = randomBytes(15)
    .toString("hex")
    .replace(/.{5}(?=.)/g, "$&-");
  const keepsSecondFactor = values["keep-second-factor"] === true;
  const isDone = await withProductDatabase((db) => resetPassword(db, { email, password, keepsSecondFactor }));
  if (!isDone) throw new UsageError(`Nobody has the e-mail address ${email}.`);
  process.stdout.write(`${password}\n`);
  process.stderr.write(
    `This is the new password of ${email}. They are signed out everywhere${keepsSecondFactor ? "" : ", and their second factor is removed"}; they should choose a password of their own: panel, Account.\n`,
  );
  return 0;
}
