import type { Fault, ProblemCode } from "../../server/lib/problem.ts";

/**
 * Codes of the server, and three of our own: the server did not answer, it answered something that is no problem+json,
 * or the file to send is no longer what was chosen.
 */
export type ApiProblemCode = ProblemCode | "unreachable" | "unexpected" | "file_changed";

/** A refused request. `detail` is the server's sentence; `errors` points into the body that was sent. */
export class ApiProblem extends Error {
  readonly code: ApiProblemCode;
  /** HTTP status, 0 when there was no answer. */
  readonly status: number;
  readonly detail: string;
  readonly errors: readonly Fault[];

  constructor(code: ApiProblemCode, status: number, detail: string, errors: readonly Fault[] = []) {
    super(detail || code);
    this.name = "ApiProblem";
    this.code = code;
    this.status = status;
    this.detail = detail;
    this.errors = errors;
  }
}

/** Any failure as a problem, so that screens show one kind. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  return new ApiProblem("unexpected", 0, error instanceof Error ? error.message : String(error));
}

/** The problem in an answer's body. Proxies answer HTML, so nothing about the text is taken for granted. */
export function readProblem(status: number, text: string): ApiProblem {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null && "code" in body && typeof body.code === "string") {
      const detail = "detail" in body && typeof body.detail === "string" ? body.detail : "";
      const errors = "errors" in body && Array.isArray(body.errors) ? body.errors : [];
      // The code table and the faults are the server's own, imported as types; a code that is newer than this page
      // only loses its translation.
      return new ApiProblem(body.code as ProblemCode, status, detail, errors as Fault[]);
    }
  } catch {
    // Not JSON: falls through to the unexpected answer below.
  }
  return new ApiProblem("unexpected", status, "");
}
