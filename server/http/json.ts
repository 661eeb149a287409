import type { FastifyInstance } from "fastify";
import { withoutStrayEscapes } from "../lib/json.ts";
import { Problem } from "../lib/problem.ts";

// PostgreSQL can store it neither as text nor as jsonb. Preceded by an even number of backslashes: not escaped itself.
const nulEscape = /(?<!\\)(?:\\\\)*\\u0000/;

// What it is refused for where it is JSON: such keys could change what every object of the program has.
const foreignKey =
  'The body has a key "__proto__", or "prototype" in a "constructor", which no object here may have.';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Reads JSON bodies; one that fails is read once more with stray `\t \n \r` between its tokens taken as blanks. */
export function readJsonBodies(http: FastifyInstance): void {
  const parse = http.getDefaultJsonParser("error", "error");
  http.removeContentTypeParser(["application/json", "text/plain"]);
  http.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    const text = String(body);
    // Many clients name the type also where there is nothing to send.
    if (text === "") return done(null, null);
    if (nulEscape.test(text)) {
      return done(
        new Problem("unreadable", "The body has a NUL character (\\u0000), which no text here may have."),
      );
    }
    void parse(request, text, (error, value) => {
      if (!error) return done(null, value);
      void parse(request, withoutStrayEscapes(text), (_again, second) => {
        if (second !== undefined && second !== null) return done(null, second);
        done(
          new Problem(
            "unreadable",
            isJson(text) ? foreignKey : `The body is not valid JSON: ${error.message}`,
          ),
        );
      });
    });
  });
}
