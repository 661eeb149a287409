import type {
  FastifyError,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  FastifySchemaCompiler,
} from "fastify";
import type { z } from "zod";
import { type Fault, Problem, problemCodes, validationProblem } from "../lib/problem.ts";

/** What every failed request answers: RFC 9457, with the `error` member that LoopBack clients look for. */
function toBody(problem: Problem) {
  const { status, title } = problemCodes[problem.code];
  return {
    type: `https://chapar.dev/errors#${problem.code}`,
    title,
    status,
    code: problem.code,
    detail: problem.message,
    ...(problem.errors.length > 0 ? { errors: problem.errors } : {}),
    error: {
      name: problem.code === "validation" ? "ValidationError" : "Error",
      status,
      message: problem.message,
      ...(problem.errors.length > 0 ? { details: problem.errors } : {}),
    },
  };
}

/** The one place that turns a {@link Problem} into HTTP. */
export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply
    .status(problemCodes[problem.code].status)
    .header("content-type", "application/problem+json; charset=utf-8")
    .send(JSON.stringify(toBody(problem)));
}

/** Fastify's own refusals, by its status, in our vocabulary. */
function fromFramework(error: FastifyError): Problem | null {
  const status = error.statusCode ?? 500;
  if (status === 413) return new Problem("too_large", error.message);
  if (status === 404) return new Problem("not_found", error.message);
  if (status === 429) return new Problem("too_many_requests", error.message);
  if (status >= 400 && status < 500) return new Problem("unreadable", error.message);
  return null;
}

// https://www.postgresql.org/docs/current/errcodes-appendix.html classes 08 and 57P, and node's socket errors
const isDatabaseAway = (error: unknown): boolean => {
  const code = (error as { code?: unknown }).code;
  return typeof code === "string" && /^(08|57P|ECONN|ENOENT)/.test(code);
};

export function answerProblems(http: FastifyInstance): void {
  http.setErrorHandler((error: FastifyError | Problem, request: FastifyRequest, reply) => {
    if (error instanceof Problem) return sendProblem(reply, error);
    const known = fromFramework(error);
    if (known) return sendProblem(reply, known);
    request.log.error({ err: error }, "request failed");
    if (isDatabaseAway(error)) {
      return sendProblem(
        reply,
        new Problem("unavailable", "The database cannot be reached; try again in a moment."),
      );
    }
    return sendProblem(
      reply,
      new Problem("internal", "Something went wrong on our side; the log has the details."),
    );
  });
}

/** The answer to an address that no route has. */
export const unknownAddress = (request: FastifyRequest): Problem =>
  new Problem("not_found", `There is nothing at ${request.method} ${request.url.split("?")[0]}.`);

/** Validates with zod and answers every fault at once, each with its pointer. */
export const validateWithZod: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  return (data: unknown) => {
    const nul = httpPart === "querystring" ? nulFaults(data) : [];
    if (nul.length > 0) return { error: validationProblem(nul) };
    const result = schema.safeParse(data === null && httpPart === "body" ? {} : data);
    return result.success
      ? { value: result.data }
      : { error: validationProblem(faultsOf(result.error.issues, httpPart)) };
  };
};

/** PostgreSQL has no text with a NUL character; bodies with one are refused where they are read. */
const nulFaults = (query: unknown): Fault[] =>
  Object.entries(query ?? {})
    .filter(([, value]) => String(value).includes("\0"))
    .map(([name]) => ({ pointer: `?${name}`, detail: "has a NUL character, which no text here may have" }));

/** The faults of a body, or of an item of one, each with its pointer. */
export const faultsOfBody = ({ issues }: z.ZodError): Fault[] => faultsOf(issues, "body");

function faultsOf(issues: readonly z.core.$ZodIssue[], httpPart: string | undefined): Fault[] {
  return issues.flatMap((issue): Fault[] => {
    const inner = issue.code === "invalid_union" ? closestBranch(issue.errors) : null;
    if (inner)
      return faultsOf(
        inner.map((fault) => ({ ...fault, path: [...issue.path, ...fault.path] })),
        httpPart,
      );
    return [{ pointer: pointerTo(issue.path, httpPart), detail: issue.message }];
  });
}

/** Of the branches of a union, the one that took the value's outer type: its faults are the ones worth showing. */
function closestBranch(branches: readonly (readonly z.core.$ZodIssue[])[]) {
  return (
    branches.find((issues) => issues.length > 0 && issues.every((issue) => issue.path.length > 0)) ?? null
  );
}

function pointerTo(path: readonly PropertyKey[], httpPart: string | undefined): string {
  if (httpPart === "querystring") return `?${path.map(String).join(".")}`;
  if (httpPart === "params") return `{${path.map(String).join(".")}}`;
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
