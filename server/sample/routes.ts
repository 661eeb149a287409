import type { Database } from "../db/database.ts";
import type { Http } from "../http/server.ts";
import { importSample, openSampleDevice, readSample, requestSampleRemoval } from "./sample.ts";
import { NewSample, Sample, SampleDevice } from "./schema.ts";

/** People to try everything with, and a browser to see what they get. */
export async function sampleRoutes(
  http: Http,
  { db, secretKey, publicUrl }: { db: Database; secretKey: string; publicUrl: () => string },
): Promise<void> {
  const tags = ["Imports"];

  http.get(
    "/sample",
    { schema: { tags, summary: "The sample data, if there is any", response: { 200: Sample } } },
    ({ caller }) => readSample(db, caller),
  );

  http.post(
    "/sample",
    {
      schema: {
        ...{ tags, summary: "Import some two thousand made-up devices, to try everything with" },
        body: NewSample,
        response: { 202: Sample },
      },
    },
    async ({ caller, body }, reply) => reply.status(202).send(await importSample(db, caller, body.name)),
  );

  http.post(
    "/sample/device",
    {
      schema: {
        ...{ tags, summary: "What a browser needs to be a device of a made-up user" },
        response: { 200: SampleDevice },
      },
    },
    ({ caller, headers }) =>
      openSampleDevice(db, caller, { secretKey, origin: headers.origin ?? new URL(publicUrl()).origin }),
  );

  http.delete(
    "/sample",
    {
      schema: {
        ...{ tags, summary: "Remove all of it again: its users, devices, segment, key and browser" },
        description: "Runs in the background. Users and devices that something has changed since stay.",
        response: { 202: Sample },
      },
    },
    async ({ caller }, reply) => reply.status(202).send(await requestSampleRemoval(db, caller)),
  );
}
