import type { Fault, FaultPlan, SeenRequest } from "./faults.ts";

/** A service that takes messages, and misbehaves on demand. */
export interface StandIn {
  readonly url: string;
  /** Requests that it has read as a whole. */
  requests(): number;
  /** How often each delivery was accepted; by what it is told apart by on the wire, see {@link StandInOptions}. */
  readonly accepted: ReadonlyMap<string, number>;
  /** How often each delivery was read, whatever became of it. */
  readonly seen: ReadonlyMap<string, number>;
  /** The most requests that were under way at once. */
  mostAtOnce(): number;
  /** The last request that it has read. */
  last(): SeenRequest | null;
  /** When each of the first requests came, in ms of the epoch; only with `keepTimes`. */
  readonly times: readonly number[];
  /** How it goes on: every request alike, by a function that is asked once each, or well. */
  plan(plan: FaultPlan | Fault | null): void;
  /** Milliseconds before each answer. */
  delay(ms: number): void;
  stop(): Promise<void>;
}

export interface StandInOptions {
  plan?: FaultPlan | Fault;
  delayMs?: number;
  keepTimes?: boolean;
  port?: number;
  /** Told of each answer; null where there was none. */
  onAnswer?: (request: SeenRequest, status: number | null) => void;
}

/** What a stand-in remembers of its requests, and how it is to treat them. */
export interface Log {
  /** What users of the stand-in see of it. */
  readonly shown: Omit<StandIn, "url" | "stop">;
  begin(): void;
  end(): void;
  /** Makes a request of one that is there as a whole, and counts its delivery, if it names one. */
  read(
    make: (number: number) => SeenRequest,
    deliveryOf: (request: SeenRequest) => string | null,
  ): SeenRequest;
  accept(delivery: string): void;
  answered(request: SeenRequest, status: number | null): void;
  faultFor(request: SeenRequest): Fault | null;
  /** Every request is to be cut off before it is read. */
  closesBefore(): boolean;
  delayMs(): number;
}

export function createLog(options: StandInOptions): Log {
  let plan: FaultPlan | Fault | null = options.plan ?? null;
  let delayMs = options.delayMs ?? 0;
  let requests = 0;
  let underWay = 0;
  let mostAtOnce = 0;
  let last: SeenRequest | null = null;
  const times: number[] = [];
  const seen = new Map<string, number>();
  const accepted = new Map<string, number>();

  return {
    shown: {
      ...{ seen, accepted, times },
      requests: () => requests,
      mostAtOnce: () => mostAtOnce,
      last: () => last,
      plan: (next) => {
        plan = next;
      },
      delay: (ms) => {
        delayMs = ms;
      },
    },
    begin() {
      underWay += 1;
      mostAtOnce = Math.max(mostAtOnce, underWay);
    },
    end() {
      underWay -= 1;
    },
    read(make, deliveryOf) {
      requests += 1;
      const request = make(requests);
      last = request;
      if (options.keepTimes) times.push(Date.now());
      const delivery = deliveryOf(request);
      if (delivery !== null) count(seen, delivery);
      return request;
    },
    accept: (delivery) => count(accepted, delivery),
    answered: (request, status) => options.onAnswer?.(request, status),
    faultFor: (request) => (typeof plan === "function" ? plan(request) : plan),
    closesBefore: () => typeof plan === "object" && plan?.kind === "closeBefore",
    delayMs: () => delayMs,
  };
}

const count = (counts: Map<string, number>, id: string): void =>
  void counts.set(id, (counts.get(id) ?? 0) + 1);
