import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Config, packageRoot } from "../config.ts";
import type { PlaceWish } from "../db/embedded-place.ts";

/** Where this configuration looks for its data directory. */
export function placeWish(config: Config): PlaceWish {
  const { dataDir: wanted, homeDir, xdgDataHome } = config;
  return { wanted, cloneRoot: isClone() ? packageRoot() : null, homeDir, xdgDataHome };
}

/** An installed package carries no sources, and an upgrade empties its folder. */
function isClone(): boolean {
  return existsSync(join(packageRoot(), "server", "main.ts"));
}
