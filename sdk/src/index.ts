import { browserPlatform } from "./browser-platform.ts";
import { ChaparClient } from "./client.ts";
import type { ChaparOptions, ChaparSettings } from "./types.ts";

export { ChaparError, type ErrorCode } from "./errors.ts";
export type * from "./types.ts";

const platform = browserPlatform(async () => (await import("./mqtt.ts")).connectMqtt);

/** The SDK for browsers. */
export class Chapar extends ChaparClient {
  constructor(settings: ChaparSettings, options: ChaparOptions = {}) {
    super(settings, options, platform);
  }
}
