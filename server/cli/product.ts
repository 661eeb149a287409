import { readConfig } from "../config.ts";
import { dataDirs } from "../db/embedded-place.ts";
import { StartError } from "../lib/start-error.ts";
import { readFirstRun, readRunning } from "../supervisor/notes.ts";
import { placeWish } from "../supervisor/place.ts";

/** Address and token: from the options, else from the environment, else from the product that runs in the data directory. */
export function findProduct(
  url: string | undefined,
  token: string | undefined,
): { url: string; token: string } {
  const config = readConfig();
  // It runs in the first folder that suited it; looking must not make any.
  const dataDir = dataDirs(placeWish(config)).find((folder) => readRunning(folder) !== null);
  const address = url ?? (dataDir && readRunning(dataDir)?.url);
  if (!address) throw new StartError('Chapar does not run here. Start it with "npm start", or give --url.');
  const secret = token ?? config.accessToken ?? (dataDir && readFirstRun(dataDir)?.accessToken);
  if (!secret) throw new StartError("There is no access token. Give --token or ACCESS_TOKEN.");
  return { url: address.replace(/\/+$/, ""), token: secret };
}
