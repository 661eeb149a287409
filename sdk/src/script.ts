import { browserPlatform } from "./browser-platform.ts";
import { ChaparClient } from "./client.ts";
import { ChaparError } from "./errors.ts";
import type { ConnectMqtt } from "./realtime.ts";
import type { ChaparOptions, ChaparSettings } from "./types.ts";

// For `<script src="…/sdk/chapar.iife.js">`. Such a script is one file, so realtime is loaded from beside it.

const source = (document.currentScript as HTMLScriptElement | null)?.src ?? location.href;

const platform = browserPlatform(async () => {
  const address = new URL("chapar-realtime.js", source).href;
  const { connectMqtt } = (await import(/* @vite-ignore */ address)) as { connectMqtt: ConnectMqtt };
  return connectMqtt;
});

class Chapar extends ChaparClient {
  static readonly Error = ChaparError;

  constructor(settings: ChaparSettings, options: ChaparOptions = {}) {
    super(settings, options, platform);
  }
}

Object.assign(globalThis, { Chapar });
