import type { FastifyInstance } from "fastify";
import { withoutStrayEscapes } from "../lib/json.ts";
import { Problem } from "../lib/problem.ts";

/** Reads JSON bodies; one that fails is read once more with stray `\t \n \r` between its tokens taken as blanks. */
export function readJsonBodies(http: FastifyInstance): void {
  const parse = http.getDefaultJsonParser("error", "error");
  http.removeContentTypeParser("application/json");
  http.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    const text = String(body);
    void parse(request, text, (error, value) => {
      if (!error) return done(null, value);
      void parse(request, withoutStrayEscapes(text), (_again, second) => {
        if (second !== undefined && second !== null) return done(null, second);
        done(new Problem("unreadable", `The body is not valid JSON: ${error.message}`));
      });
    });
  });
}
