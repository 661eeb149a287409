import { type Fault, type SeenRequest, textOfRetryAfter } from "./faults.ts";

export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body: string;
  /** Milliseconds before it is given, beside those of the stand-in. */
  afterMs?: number;
}

/** What a service says, whatever it is spoken to with. */
export interface Wire {
  /** What a delivery is told apart by; null for a request that is none. */
  deliveryOf(request: SeenRequest): string | null;
  /** As the service itself would answer; null for never. */
  answer(request: SeenRequest): Reply | null;
  /** Its words for failing with a status, and for an address that is dead. */
  failure(request: SeenRequest, status: number | "gone"): Reply;
  /** An answer that says it was taken, in JSON that breaks off. */
  brokenJson: Reply;
}

/** What a service answers that refuses a message in its own words. */
export function replyOfFault(
  wire: Pick<Wire, "failure">,
  request: SeenRequest,
  fault: Extract<Fault, { kind: "status" | "throttle" | "gone" }>,
): Reply {
  switch (fault.kind) {
    case "gone":
      return wire.failure(request, "gone");
    case "throttle": {
      const worded = wire.failure(request, 429);
      const after = textOfRetryAfter(fault.retryAfter);
      return {
        ...worded,
        headers: { ...worded.headers, ...(after === undefined ? {} : { "retry-after": after }) },
      };
    }
    case "status": {
      const { body } = fault;
      const worded = wire.failure(request, fault.status);
      const text = body === undefined ? worded.body : typeof body === "string" ? body : JSON.stringify(body);
      return { ...worded, headers: { ...worded.headers, ...fault.headers }, body: text };
    }
  }
}
