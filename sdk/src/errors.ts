/** What went wrong, in a word that code can compare. */
export type ErrorCode =
  /** An argument cannot be used; the message says which. */
  | "invalid_argument"
  /** The server was not reached. What is queued is sent later. */
  | "network"
  /** The server was reached and could not do it now. What is queued is sent later. */
  | "unavailable"
  /** The server refused for good: a wrong key, an origin that is not allowed, a missing `userHash`, a value it cannot take. */
  | "refused"
  /** Credentials of this device do no longer hold. It registers anew by itself. */
  | "unauthorized"
  /** The server does not know what was asked for. */
  | "not_found"
  /** Realtime events need a connection at that moment. */
  | "not_connected"
  /** Realtime is off, or the broker has no address that a browser can use. */
  | "realtime_unavailable"
  /** This browser has no web push, or not on this page (it needs https), or the server has no account for it. */
  | "push_unavailable"
  /** The user does not want notifications. */
  | "push_denied"
  /** So much waits to be sent that the oldest was given up. */
  | "queue_full"
  /** {@link Chapar.close} was called. */
  | "closed";

/** Every error of the SDK: those that methods reject with, and those of the event `error`. */
export class ChaparError extends Error {
  override readonly name = "ChaparError";
  readonly code: ErrorCode;
  /** HTTP status of the server's answer; null where there was none. */
  readonly status: number | null;

  constructor(code: ErrorCode, message: string, details: { status?: number; cause?: unknown } = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.status = details.status ?? null;
  }
}

/** Whether the same call may do better later. */
export const isPassing = (error: unknown): boolean =>
  error instanceof ChaparError && (error.code === "network" || error.code === "unavailable");
