import type { SeenRequest } from "./faults.ts";

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
