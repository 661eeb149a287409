import { createHmac } from "node:crypto";
import type { SeenRequest } from "./stand-ins/faults.ts";
import { startHttp1StandIn } from "./stand-ins/http1.ts";
import type { StandIn, StandInOptions } from "./stand-ins/log.ts";

export { type FaultRates, faultsAtRates } from "./stand-ins/faults.ts";
export type { StandInOptions } from "./stand-ins/log.ts";

/** A report as the stand-in words it. */
interface StandInReceipt {
  deliveryId: string;
  /** What it called the message; looked up when it is left out. */
  id?: string;
  status: string;
  /** ISO 8601. */
  at?: string;
  code?: string;
  detail?: string;
}

/** A service that takes messages over HTTP, and misbehaves on demand. */
export interface StandInProvider extends StandIn {
  /** Posts reports, as one list or one by one; with a secret it signs them in `x-signature`. Answers the last status. */
  report(
    url: string,
    receipts: readonly StandInReceipt[],
    options?: { secret?: string; asList?: boolean },
  ): Promise<number>;
}

/** Starts it on a free port of this machine. */
export async function startStandInProvider(options: StandInOptions = {}): Promise<StandInProvider> {
  const standIn = await startHttp1StandIn(options, {
    deliveryOf: deliveryIdOf,
    answer: (request) => ({
      status: 200,
      body: `{"ok":true,"id":"${idOf(deliveryIdOf(request) ?? String(request.number))}"}`,
    }),
    failure: (_, status) => {
      if (status === "gone") return { status: 410, body: '{"error":"unregistered"}' };
      const error = status === 429 ? "too many requests" : `status ${status}`;
      return { status, body: JSON.stringify({ error }) };
    },
    brokenJson: { status: 200, body: '{"ok":true,"id":"m-' },
  });

  return {
    ...standIn,
    url: `${standIn.url}/messages`,
    async report(url, receipts, { secret, asList = true } = {}) {
      const reports = receipts.map((receipt) => ({ id: idOf(receipt.deliveryId), ...receipt }));
      let status = 0;
      for (const body of (asList ? [{ reports }] : reports).map((report) => JSON.stringify(report))) {
        const signature = secret && createHmac("sha256", secret).update(body).digest("hex");
        const headers = {
          "content-type": "application/json",
          ...(signature ? { "x-signature": signature } : {}),
        };
        const response = await fetch(url, { method: "POST", headers, body });
        await response.arrayBuffer();
        status = response.status;
      }
      return status;
    },
  };
}

const idOf = (deliveryId: string): string => `m-${deliveryId}`;

/** In the body, or in the header x-delivery-id; null when the request does not say. */
function deliveryIdOf({ body, headers }: SeenRequest): string | null {
  const id = body.deliveryId ?? headers["x-delivery-id"];
  return typeof id === "string" ? id : null;
}
