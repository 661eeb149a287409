import { randomInt } from "node:crypto";
import { PushService } from "../channels/schema.ts";
import type { CurrentInstallation } from "../installations/installations.ts";
import type { Gate } from "../providers/gate.ts";
import type { ClaimedChunk, NewChunk } from "./queries/chunks.ts";
import type { MessageContent } from "./schema.ts";
import type { Recipient } from "./slices.ts";

/** Whether a message of the inbox is told of by a push to devices that are not connected. */
const isToldOf = ({ inApp, live }: MessageContent): boolean => !inApp && !live;

/**
 * Pushes for devices that a message of the inbox waits for: chunks by the service that takes their tokens. Devices
 * without a token, or with one that no account takes, get the message when they connect, and no push.
 */
export async function alertsOf(
  gate: Pick<Gate, "listTokenServices">,
  absent: readonly { recipient: Recipient; device: CurrentInstallation }[],
  now: Date,
): Promise<NewChunk[]> {
  const groups = new Map<
    string,
    { chunk: ClaimedChunk; tokenService: PushService; recipients: Recipient[] }
  >();
  for (const { recipient, device } of absent) {
    const { chunk } = recipient;
    const tokenService = PushService.safeParse(device.tokenService).data;
    if (!tokenService || !device.deviceToken || !isToldOf(chunk.content)) continue;
    if (!(await gate.listTokenServices(chunk.appKey)).includes(tokenService)) continue;
    const name = `${chunk.messageId} ${chunk.seq} ${tokenService}`;
    const group = groups.get(name) ?? { chunk, tokenService, recipients: [] };
    group.recipients.push(recipient);
    groups.set(name, group);
  }
  return [...groups.values()].map(({ chunk, tokenService, recipients }) => ({
    ...{ messageId: chunk.messageId, appKey: chunk.appKey, channel: "push", step: chunk.step },
    ...{ tokenService, isAlert: true, attempt: 0, priority: chunk.priority, addresses: null, notBefore: now },
    // Beside the numbers that the expansion gives.
    seq: -randomInt(1, 2 ** 31),
    userKeys: recipients.map(({ userKey }) => userKey),
    installationKeys: recipients.map(({ installationKey }) => installationKey),
  }));
}
