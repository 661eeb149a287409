import { absorbEvents } from "./events/absorb.ts";
import type { AbsorbGuests } from "./installations/guests.ts";
import { absorbMembers } from "./segments/members.ts";

/** What becomes of all that the rooms above installations keep of a guest who turns out to be a user. */
export const absorbGuests: AbsorbGuests = async (tx, appKey, pairs) => {
  await absorbEvents(tx, appKey, pairs);
  await absorbMembers(tx, appKey, pairs);
};
