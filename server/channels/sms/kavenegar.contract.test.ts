import { startKavenegarStandIn } from "../../testing/stand-ins/kavenegar.ts";
import { textMessage } from "../../testing/text-message.ts";
import { type ErrorRow, statusRow, testProvider } from "../provider.contract.ts";
import { kavenegarProvider, openKavenegar } from "./kavenegar.ts";
import { KavenegarConfig } from "./kavenegar-config.ts";

const row = (
  status: number,
  kind: ErrorRow["kind"],
  rest: { httpStatus?: number; cause?: "invalid" } = {},
) => {
  const { httpStatus = status, ...meaning } = rest;
  const body = { return: { status, message: "خیر" }, entries: null };
  return statusRow(httpStatus, kind, { body, code: String(status), ...meaning });
};

testProvider("kavenegar", {
  provider: {
    ...kavenegarProvider,
    open: (config, outside, opening) => openKavenegar(config, outside, opening, [5]),
  },
  start: () => startKavenegarStandIn(),
  configFor: ({ credentials, url: baseUrl }, { timeoutMs }) =>
    KavenegarConfig.parse({ ...credentials, baseUrl, timeoutMs }),
  messageFor: () => textMessage(),
  batchFor: () =>
    ["000000000002", "000000000003", "000000000004", "000000000005"].map((end, index) =>
      textMessage({
        deliveryUuid: `0b6a2d1e-1f2a-4b${index}c-8d4e-${end}`,
        ...{ to: `98912000000${index}`, content: `سلام ${index}` },
      }),
    ),
  deliveryOf: () => "411259744671835550",
  request: (message, { credentials }) => ({
    ...{ method: "POST", url: `/v1/${credentials.apiKey}/sms/sendarray.json` },
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: {
      ...{ receptor: '["09121234567"]', sender: '["10004346"]', message: JSON.stringify([message.content]) },
      localmessageids: '["411259744671835550"]',
    },
  }),
  providerId: /^8792343\d{3}$/,
  throttled: "throttle",
  privateAddress: "misconfigured",
  secretsOf: ({ apiKey }) => [apiKey],
  checkConnects: true,
  // Whether it was taken is asked, and it was not.
  brokenJson: "unknown",
  errors: [
    ...[401, 403, 404, 405, 407, 412, 416, 418, 424, 426, 430, 501].map((status) =>
      row(status, "misconfigured"),
    ),
    ...[400, 406, 413, 414, 417, 419, 422, 428, 431, 432, 607].map((status) =>
      row(status, "rejected", { httpStatus: 400 }),
    ),
    ...[402, 409].map((status) => row(status, "retry")),
    row(411, "gone", { cause: "invalid" }),
    row(429, "throttle"),
    // What counts is what the body says.
    row(418, "misconfigured", { httpStatus: 200 }),
    row(411, "gone", { httpStatus: 200, cause: "invalid" }),
    statusRow(403, "misconfigured"),
    statusRow(404, "misconfigured"),
    statusRow(301, "misconfigured"),
    statusRow(400, "rejected"),
    statusRow(500, "unknown"),
    statusRow(502, "unknown"),
    statusRow(504, "unknown"),
    statusRow(200, "unknown", { body: "<html>welcome</html>" }),
    statusRow(200, "unknown", { body: { return: { status: 200 }, entries: [] }, code: "no_entry" }),
    { name: "a number that is none", fault: { kind: "gone" }, kind: "gone", cause: "invalid" },
  ],
});
