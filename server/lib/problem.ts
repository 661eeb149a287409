/**
 * Every expected failure Chapar answers with. The docstring-like `cure` becomes `docs/errors.md`.
 * The shape on the wire is RFC 9457 (application/problem+json); `http/problems.ts` is the only place that renders it.
 */
export const problemCodes = {
  unreadable: {
    status: 400,
    title: "The request could not be read",
    cause: "The body is not valid JSON, or its content type is not one this endpoint takes.",
    cure: "Send valid JSON with `Content-Type: application/json`; the detail names the place where reading stopped.",
  },
  unauthorized: {
    status: 401,
    title: "Authorization Required",
    cause: "No access token was given, or it is unknown or revoked.",
    cure: "Give a token as `?access_token=`, `X-Access-Token` or `Authorization: Bearer`.",
  },
  forbidden: {
    status: 403,
    title: "Not allowed",
    cause: "You are known, but may not do this: a missing role, or a write from another site.",
    cure: "Ask an admin of the app for the role, or use an access token.",
  },
  not_found: {
    status: 404,
    title: "Not found",
    cause: "There is no such thing in this app, or no such address.",
    cure: "Check the id and that the token belongs to the app that owns it.",
  },
  conflict: {
    status: 409,
    title: "In conflict with what is there",
    cause: "The thing is in a state that does not allow this, or the name is taken.",
    cure: "Read its present state and repeat with what the detail says.",
  },
  sign_in_link_used: {
    status: 409,
    title: "This sign-in link was used or has expired",
    cause: "The first sign-in link works once and for 24 hours.",
    cure: "Sign in with your e-mail and password, or start Chapar again to get a new link while nobody has signed in.",
  },
  gone: {
    status: 410,
    title: "No longer kept",
    cause: "It was deleted because the app keeps such things only for some time.",
    cure: "Nothing brings it back. How long things are kept is set under Settings, Retention.",
  },
  too_large: {
    status: 413,
    title: "Too large",
    cause: "The body or a list in it is larger than this endpoint takes.",
    cure: "Split it; the detail names the limit.",
  },
  validation: {
    status: 422,
    title: "Understood, but something in it is wrong",
    cause:
      "A value is missing, of the wrong type, or out of range. `errors` lists every fault with its JSON pointer.",
    cure: "Mend each value that `errors` points at.",
  },
  too_slow: {
    status: 422,
    title: "This would take too long",
    cause: "Counting a filter took longer than a minute.",
    cure: "Ask with `estimate: true`, make the attributes in it fast, or shorten the time of its events.",
  },
  too_many_requests: {
    status: 429,
    title: "Too many requests",
    cause: "More requests than this endpoint takes in this time.",
    cure: "Wait for the seconds in `Retry-After`.",
  },
  internal: {
    status: 500,
    title: "Something went wrong on our side",
    cause: "A fault in Chapar or on its machine.",
    cure: "Look at the log of the api role for this moment, and report it.",
  },
  unavailable: {
    status: 503,
    title: "Not ready yet",
    cause: "The database or the broker cannot be reached at the moment.",
    cure: "Repeat in a few seconds; `/readyz` says what is missing.",
  },
} as const satisfies Record<string, { status: number; title: string; cause: string; cure: string }>;

export type ProblemCode = keyof typeof problemCodes;

/** One fault in the input: `pointer` is a JSON pointer (RFC 6901) into the body, or `?name` for a query parameter. */
export interface Fault {
  pointer: string;
  detail: string;
}

/** An expected failure. Thrown by operations; turned into HTTP in one place. `detail` is one sentence for a person. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly errors: readonly Fault[];

  constructor(code: ProblemCode, detail: string, errors: readonly Fault[] = []) {
    super(detail);
    this.name = "Problem";
    this.code = code;
    this.errors = errors;
  }
}

/** A validation problem out of its faults; the sentence names the first ones so that a log line is enough. */
export function validationProblem(errors: readonly Fault[]): Problem {
  const shown = errors.slice(0, 3).map((fault) => `${fault.pointer}: ${fault.detail}`);
  const more = errors.length > 3 ? ` (and ${errors.length - 3} more)` : "";
  return new Problem("validation", shown.join("; ") + more, errors);
}
