import { faultsOfBody } from "../http/problems.ts";
import type { Http } from "../http/server.ts";
import { requireOwn } from "../installations/own.ts";
import { createTracker, type RefusedEvent, type TrackerParts } from "./track.ts";
import {
  TrackAnswer,
  TrackBulkRequest,
  TrackPurchaseRequest,
  TrackRequest,
  TrackRevenueRequest,
} from "./track-schema.ts";

const one = { queued: true, n: 1 } as const;

/** Events as Chabok's API takes them. */
export async function trackRoutes(http: Http, parts: TrackerParts): Promise<void> {
  const tracker = createTracker(parts);
  const config = { allowsPublicKey: true };
  const described = (summary: string) => ({ tags: ["Events"], summary, response: { 200: TrackAnswer } });

  http.post(
    "/installations/track",
    {
      config,
      schema: {
        ...described("Store one event of a user"),
        description:
          "By `userId`, who is made if there is none, or by `installationId`, whose owner did it. It is durable when " +
          "this answers. An event with an `eventId`, or with an `eventTime`, may be sent again without counting twice.",
        body: TrackRequest,
      },
    },
    async (request) => {
      await requireOwn(parts.db, request.caller, request.body);
      await tracker.trackOne(request.caller, request.body);
      return one;
    },
  );

  http.post(
    "/installations/trackPurchase",
    { config, schema: { ...described("Store an event with a revenue"), body: TrackPurchaseRequest } },
    async (request) => {
      await requireOwn(parts.db, request.caller, request.body);
      await tracker.trackOne(request.caller, asPurchase(request.body));
      return one;
    },
  );

  http.post(
    "/installations/trackRevenue",
    { config, schema: { ...described("Store a revenue, as the event Purchase"), body: TrackRevenueRequest } },
    async (request) => {
      await requireOwn(parts.db, request.caller, request.body);
      await tracker.trackOne(request.caller, asPurchase({ ...request.body, eventName: "Purchase" }));
      return one;
    },
  );

  http.post(
    "/installations/trackBulk",
    {
      config,
      schema: {
        ...described("Store up to 1,000 events"),
        description:
          "An event that cannot be taken is named in `refused` and not counted in `n`; the others are stored.",
        body: TrackBulkRequest,
      },
    },
    async (request): Promise<TrackAnswer> => {
      const { requests, places, refused } = readItems(request.body);
      if (request.caller.by === "key")
        for (const one of distinct(requests)) await requireOwn(parts.db, request.caller, one);
      const lost = await tracker.track(request.caller, requests);
      const all = [...refused, ...lost.map((event) => ({ ...event, index: places[event.index] ?? 0 }))];
      const n = requests.length - lost.length;
      return {
        queued: true,
        n,
        ...(all.length > 0 ? { refused: all.sort((a, b) => a.index - b.index) } : {}),
      };
    },
  );
}

/** Whom events are of, each once. */
function distinct(requests: readonly TrackRequest[]): Pick<TrackRequest, "userId" | "installationId">[] {
  const found = requests.map(({ userId, installationId }) => ({ userId, installationId }));
  return [...new Map(found.map((one) => [JSON.stringify(one), one])).values()];
}

function asPurchase({
  revenue,
  currency,
  eventData,
  ...request
}: TrackRequest & { revenue: number; currency?: string | undefined }): TrackRequest {
  const data = {
    ...eventData,
    ...(currency === undefined ? {} : { currency }),
    isRevenue: true,
    value: revenue,
  };
  return { ...request, eventData: data };
}

/** The items that are events, with their places in the call, and what is wrong with the others: the first fault of each. */
function readItems(items: readonly unknown[]) {
  const requests: TrackRequest[] = [];
  const places: number[] = [];
  const refused: RefusedEvent[] = [];
  for (const [index, item] of items.entries()) {
    const parsed = TrackRequest.safeParse(item);
    if (parsed.success) {
      requests.push(parsed.data);
      places.push(index);
    } else {
      const [fault] = faultsOfBody(parsed.error);
      refused.push({ index, pointer: fault?.pointer ?? "", detail: fault?.detail ?? "expected an event" });
    }
  }
  return { requests, places, refused };
}
