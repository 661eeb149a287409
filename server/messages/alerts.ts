import { PushService } from "../channels/schema.ts";
import type { CurrentInstallation } from "../installations/installations.ts";
import type { Gate } from "../providers/gate.ts";
import type { NewChunk } from "./queries/new-chunks.ts";
import type { MessageContent } from "./schema.ts";
import { chunksBeside, type Recipient } from "./slices.ts";

/** Whether a message of the inbox is told of by a push to devices that are not connected. */
const isToldOf = ({ inApp, live, fallback }: MessageContent): boolean =>
  !inApp && !live && fallback?.policy !== "NOT_CONNECTED";

/**
 * Pushes for devices that a message of the inbox waits for: chunks by the service that takes their tokens. Devices
 * without a token, or with one that no account takes, get the message when they connect, and no push.
 */
export async function alertsOf(
  gate: Pick<Gate, "listTokenServices">,
  absent: readonly { recipient: Recipient; device: CurrentInstallation }[],
  now: Date,
): Promise<NewChunk[]> {
  const told: { recipient: Recipient; tokenService: PushService }[] = [];
  for (const { recipient, device } of absent) {
    const { chunk } = recipient;
    const tokenService = PushService.safeParse(device.tokenService).data;
    if (!tokenService || !device.deviceToken || !isToldOf(chunk.content)) continue;
    if ((await gate.listTokenServices(chunk.appKey)).includes(tokenService))
      told.push({ recipient, tokenService });
  }
  return chunksBeside(told, { channel: "push", isAlert: true, attempt: 0, notBefore: now });
}
