import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type Answer, decode, encode } from "dns-packet";

/** A server of the DNS on this machine. */
export interface DnsStandIn {
  /** As resolvers take it: address and port. */
  readonly address: string;
  /** What it answers, by `TYPE name`: texts, or hosts of mail. A name that is not there does not exist. */
  readonly records: Map<string, string[]>;
  /** It hears, and says nothing. */
  isSilent: boolean;
  stop(): Promise<void>;
}

export async function startDnsStandIn(): Promise<DnsStandIn> {
  const socket = createSocket("udp4");
  const records = new Map<string, string[]>();
  socket.on("message", (packet, from) => {
    if (standIn.isSilent) return;
    const { id, questions = [] } = decode(packet);
    const [question] = questions;
    const { type = "TXT", name = "" } = question ?? {};
    const found = records.get(`${type} ${name.toLowerCase()}`) ?? [];
    const answers = found.map((value): Answer => {
      if (type === "MX") return { type: "MX", name, ttl: 1, data: { preference: 10, exchange: value } };
      // A text has at most 255 bytes: longer ones are several, which belong together.
      return { type: "TXT", name, ttl: 1, data: value.match(/.{1,255}/gs) ?? [] };
    });
    const isThere = [...records.keys()].some((key) => key.endsWith(` ${name.toLowerCase()}`));
    // 128: recursion is available; 3: there is no such name.
    const flags = 128 | (isThere ? 0 : 3);
    socket.send(
      encode({ ...{ type: "response", flags, answers, questions }, ...(id === undefined ? {} : { id }) }),
      from.port,
      from.address,
    );
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  const standIn: DnsStandIn = {
    address: `127.0.0.1:${socket.address().port}`,
    records,
    isSilent: false,
    stop: () => new Promise((resolve) => socket.close(() => resolve())),
  };
  return standIn;
}
