import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyReply } from "fastify";
import { sendProblem, unknownAddress } from "./problems.ts";
import type { Http } from "./server.ts";

/**
 * Serves the built panel, if it was built. Its pages are routes of the browser, so a browser that asks for a page at
 * any address outside the API gets index.html; everything else that no route has is a problem.
 */
export async function servePanel(http: Http, folder: string): Promise<void> {
  const path = join(folder, "index.html");
  const page = existsSync(path) ? readFileSync(path, "utf8") : null;
  if (page !== null) {
    await http.register(fastifyStatic, {
      ...{ root: folder, index: false },
      // Built files carry a hash of their content in their names.
      setHeaders: (response) => {
        response.header("cache-control", "public, max-age=31536000, immutable");
      },
    });
    http.get("/", { schema: { hide: true } }, (_request, reply) => sendPage(reply, page));
    http.get("/index.html", { schema: { hide: true } }, (_request, reply) => sendPage(reply, page));
  }
  http.setNotFoundHandler((request, reply) => {
    const isOfApi = /^\/(api|docs)(\/|\?|$)/.test(request.url);
    const wantsPage = request.method === "GET" && (request.headers.accept ?? "").includes("text/html");
    return page !== null && wantsPage && !isOfApi
      ? sendPage(reply, page)
      : sendProblem(reply, unknownAddress(request));
  });
}

/** Stands in the built page wherever the nonce of an answer belongs (`html.cspNonce` of panel/vite.config.ts). */
const placeholder = /__CSP_NONCE__/g;

/**
 * The page that names the built files, with a nonce of its own: what stands in it without that nonce is neither run nor
 * heeded, whoever got it there (CSP Level 3 §2.3).
 */
function sendPage(reply: FastifyReply, page: string): FastifyReply {
  const nonce = randomBytes(16).toString("base64");
  const directives = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    // What Chromium itself writes into a text that is being edited has such attributes.
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "object-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ];
  return reply
    .headers({
      "content-security-policy": directives.join("; "),
      // It names files by their hash, and has a nonce that must not be used twice.
      "cache-control": "no-store",
    })
    .type("text/html; charset=utf-8")
    .send(page.replace(placeholder, nonce));
}
