/** The time zone of an app (IANA). */
export { readTimeZone } from "./queries.ts";
