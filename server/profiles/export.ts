import type { Queryable } from "../db/database.ts";
import { listEngagementsOf } from "../deliveries/engagements.ts";
import { behavioursOf } from "../events/of-user.ts";
import { listUserInstallations } from "../installations/installations.ts";
import { segmentsOfUser } from "../segments/segments.ts";
import { listGuests } from "../users/aliases.ts";
import { listSoftBounces } from "../users/soft-bounces.ts";
import { type App, requirePerson } from "./person.ts";
import { timelineOf } from "./timeline.ts";

const pageSize = 500;

/** All that is known of a person, as the text of one JSON object, piece by piece: a timeline may be long. */
export async function* exportPerson(db: Queryable, app: App, userId: string): AsyncGenerator<string> {
  const { user, userKey } = await requirePerson(db, app, userId);
  const guests = await listGuests(db, app.appKey, userKey);
  const profile = {
    exportedAt: new Date().toISOString(),
    appId: app.appId,
    user,
    installations: await listUserInstallations(db, app, user.userId),
    segments: await segmentsOfUser(db, app.appKey, userKey),
    behaviours: await behavioursOf(db, app.appKey, userKey),
    engagements: await listEngagementsOf(db, [userKey, ...guests.map((guest) => guest.userKey)]),
    softBounces: await listSoftBounces(db, app.appKey, user.email),
  };
  yield `${JSON.stringify(profile, null, 2).slice(0, -2)},\n  "timeline": [`;
  let separator = "\n    ";
  let cursor: string | undefined;
  do {
    const page = await timelineOf(db, app, user.userId, { limit: pageSize, cursor });
    for (const item of page.data) {
      yield separator + JSON.stringify(item);
      separator = ",\n    ";
    }
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  yield "\n  ]\n}\n";
}
