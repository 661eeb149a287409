import assert from "node:assert/strict";
import { createServer as createHttp1Server } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import { createServer, type Server, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { listen } from "../../testing/stand-ins/listen.ts";
import { openHttp2 } from "./http2.ts";

const never = new AbortController().signal;
const request = { path: "/", headers: {}, body: "{}" };

async function open(t: TestContext, server: Server, timeoutMs = 300) {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => sockets.add(socket));
  const port = await listen(server, 0);
  const http = openHttp2(`http://127.0.0.1:${port}`, { allowsPrivate: true }, { connections: 4, timeoutMs });
  t.after(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await http.close();
  });
  return http;
}

test("to a service that accepts connections and says nothing, nothing was written", async (t) => {
  const http = await open(t, createServer());
  const exchanged = await http.exchange(request, never);
  assert.ok(exchanged.kind === "broken" && exchanged.at === "connection", JSON.stringify(exchanged));
  assert.equal(exchanged.code, "timeout");
});

test("to a service that speaks HTTP/1.1 only, nothing was written", async (t) => {
  const http = await open(t, createHttp1Server());
  const exchanged = await http.exchange(request, never);
  assert.ok(exchanged.kind === "broken" && exchanged.at === "connection", JSON.stringify(exchanged));
});

test("an answer without an end is not read to its end", async (t) => {
  const server = createHttp2Server();
  server.on("stream", (stream) => {
    stream.respond({ ":status": 200 });
    stream.on("error", () => {});
    const write = () => {
      while (!stream.destroyed && stream.write("x".repeat(65_536)));
    };
    stream.on("drain", write);
    write();
  });
  const http = await open(t, server, 5_000);
  const exchanged = await http.exchange(request, never);
  assert.ok(exchanged.kind === "answered" && exchanged.body === null, JSON.stringify(exchanged));
});

test("what cannot be a request is said, and the connection goes on", async (t) => {
  const server = createHttp2Server();
  server.on("stream", (stream) => {
    stream.respond({ ":status": 200 });
    stream.end("{}");
  });
  const http = await open(t, server);
  const broken = await http.exchange({ ...request, headers: { "bad header": "x" } }, never);
  assert.ok(broken.kind === "broken" && broken.at === "request", JSON.stringify(broken));
  const connection = await http.exchange({ ...request, headers: { connection: "close" } }, never);
  assert.ok(connection.kind === "broken" && connection.at === "request", JSON.stringify(connection));
  const next = await http.exchange(request, never);
  assert.ok(next.kind === "answered" && next.status === 200, JSON.stringify(next));
});

test("after its end nothing is connected to any more", async (t) => {
  const http = await open(t, createHttp2Server());
  await http.close();
  const exchanged = await http.exchange(request, never);
  assert.ok(exchanged.kind === "broken" && exchanged.at === "connection", JSON.stringify(exchanged));
});
