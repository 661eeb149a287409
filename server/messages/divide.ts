import { PushService } from "../channels/schema.ts";
import type { Database } from "../db/database.ts";
import { findTokenServices } from "../installations/installations.ts";
import type { Gate } from "../providers/gate.ts";
import { deleteChunks, setTokenServices } from "./queries/chunks.ts";
import type { ClaimedChunk } from "./queries/claims.ts";
import { insertChunks, type NewChunk } from "./queries/new-chunks.ts";
import { chunksBeside, keyOf, recipientsOf } from "./slices.ts";

interface Parts {
  db: Database;
  gate: Pick<Gate, "isDivided">;
}

/**
 * Where the pushes of an app leave by several accounts, each with the tokens that it takes, makes chunks that hold
 * devices of one account each: so that a slow or paused one holds up no other. Answers the claimed chunks that may be
 * sent as they are; of the others new ones were made, which are due at once.
 */
export async function divide(
  { db, gate }: Parts,
  owner: string,
  chunks: readonly ClaimedChunk[],
): Promise<ClaimedChunk[]> {
  const mixed = new Map<number, ClaimedChunk[]>();
  for (const chunk of chunks) {
    if (chunk.channel !== "push" || chunk.tokenService !== null || !(await gate.isDivided(chunk.appKey)))
      continue;
    const ofApp = mixed.get(chunk.appKey);
    if (ofApp) ofApp.push(chunk);
    else mixed.set(chunk.appKey, [chunk]);
  }
  if (mixed.size === 0) return [...chunks];
  const ofOne: (ClaimedChunk & { tokenService: PushService })[] = [];
  const made: NewChunk[] = [];
  const replaced = new Set<ClaimedChunk>();
  for (const [appKey, ofApp] of mixed) {
    const services = await findTokenServices(db, appKey, {
      userKeys: ofApp.flatMap(({ userKeys }) => userKeys),
      installationKeys: ofApp.flatMap(({ installationKeys }) => installationKeys),
    });
    for (const chunk of ofApp) {
      const groups = groupsOf(chunk, services);
      const [only, ...others] = groups;
      if (only && others.length === 0) ofOne.push(Object.assign(chunk, { tokenService: only.tokenService }));
      if (others.length === 0) continue;
      replaced.add(chunk);
      made.push(...groups.flatMap((group) => partsOf(chunk, group)));
    }
  }
  await db.transaction(async (tx) => {
    const kept = await setTokenServices(tx, owner, ofOne);
    const gone = await deleteChunks(tx, owner, [...replaced].map(keyOf));
    if (kept < ofOne.length || gone < replaced.size)
      throw new Error("a lease ran out while chunks were divided");
    await insertChunks(tx, made);
  });
  return chunks.filter((chunk) => !replaced.has(chunk));
}

/** Some recipients of a chunk, by their positions, whose tokens belong to one service. */
interface Group {
  tokenService: PushService;
  positions: number[];
}

/** Recipients without a token are of the first group: they are skipped, whatever account that is. */
function groupsOf({ installationKeys }: ClaimedChunk, services: ReadonlyMap<string, string>): Group[] {
  const byService = new Map<PushService, number[]>();
  const others: number[] = [];
  for (const [position, key] of installationKeys.entries()) {
    const service = PushService.safeParse(services.get(key)).data;
    if (service === undefined) others.push(position);
    else if (!byService.get(service)?.push(position)) byService.set(service, [position]);
  }
  const groups = [...byService].map(([tokenService, positions]) => ({ tokenService, positions }));
  groups[0]?.positions.push(...others);
  return groups;
}

/**
 * The part of a chunk that is still to be sent to a group. What a worker may have given to an account before it died is
 * sent again: a push under the same id takes the place of the one before.
 */
function partsOf(chunk: ClaimedChunk, { tokenService, positions }: Group): NewChunk[] {
  const [recipients, now] = [recipientsOf([{ chunk, from: 0, to: chunk.userKeys.length }]), new Date()];
  const again = new Set(chunk.again);
  const inGroup = new Set(positions);
  const those = (isMeant: (position: number) => boolean) =>
    recipients
      .filter(({ position }) => inGroup.has(position) && isMeant(position))
      .map((recipient) => ({ recipient, tokenService }));
  return [
    ...chunksBeside(
      those((position) => position >= chunk.done),
      { notBefore: now },
    ),
    ...chunksBeside(
      those((position) => again.has(position)),
      { attempt: chunk.attempt + 1, notBefore: chunk.againAt ?? now },
    ),
  ];
}
