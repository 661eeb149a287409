import { setTimeout as pause } from "node:timers/promises";
import type { MqttClient } from "mqtt";
import type { Database } from "../db/database.ts";
import { listen, notify } from "../db/notify.ts";

/** Channel that asks the api roles to have every connected device say hello, and so get what it lacks. */
const channel = "chapar_roll_call";
const againMs = 1_000;

/**
 * Asks for a roll call whenever this connection to the broker is there again. What was published while it was broken, or
 * into a socket that nobody read any more, reached nobody, and devices whose own connections held would not say hello.
 */
export function askForRollCalls(client: MqttClient, db: Database, onError: (error: unknown) => void): void {
  const ask = async () => {
    while (client.connected) {
      try {
        return await notify(db, channel);
      } catch (error) {
        onError(error);
        await pause(againMs);
      }
    }
  };
  client.on("connect", () => void ask());
}

/** Hears who asks. Also called at once, and whenever somebody may have asked in vain. */
export const hearRollCalls = (db: Database, call: () => void): { stop(): void } => listen(db, channel, call);
