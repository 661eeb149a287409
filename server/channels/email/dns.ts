import { isIP } from "node:net";
import type { DnsRecord } from "../provider.ts";
import { publicPartOf, readDkimKey } from "./dkim.ts";
import { domainOf, type SmtpConfig } from "./smtp-config.ts";

/** What has to stand in the DNS for mails of an account to be believed, and for what cannot be delivered to come back. */
export function dnsRecordsOf(config: SmtpConfig): DnsRecord[] {
  const fromDomain = domainOf(config.fromEmail);
  // The one that servers look up is that of the return path.
  const spfDomain = config.bounceDomain ?? fromDomain;
  return [
    spf(spfDomain, config.host),
    ...dkim(config, fromDomain),
    dmarc(fromDomain),
    ...(config.bounceDomain ? [bounce(config.bounceDomain)] : []),
  ];
}

/** How SPF names a server: by an address as such, else by its name. */
const termOf = (host: string): string => `${isIP(host) === 0 ? "a" : `ip${isIP(host)}`}:${host}`;

/** RFC 7208. Whom a customer's mail server sends through is not ours to know: its own address stands in. */
function spf(name: string, host: string): DnsRecord {
  return {
    ...{ purpose: "spf", type: "TXT", name, value: `v=spf1 ${termOf(host)} mx ~all` },
    judge(found) {
      const records = found.filter((text) => /^v=spf1(\s|$)/i.test(text));
      if (records.length === 0)
        return {
          ok: false,
          detail: `Nobody is named who may send for ${name}; add it, with the include: of your mail provider if it has one.`,
        };
      if (records.length > 1)
        return {
          ok: false,
          detail: "There are several SPF records, which counts as none; join them into one.",
        };
      if (/\+all\b|\sall\b/i.test(records[0] ?? ""))
        return { ok: false, detail: "It lets everybody send for you; end it with ~all or -all." };
      return { ok: true, detail: `It is there; see that it names the servers behind ${host}.` };
    },
  };
}

/** RFC 6376 §3.6. */
function dkim({ dkimDomain, dkimSelector, dkimPrivateKey }: SmtpConfig, fromDomain: string): DnsRecord[] {
  const key = dkimPrivateKey === undefined ? null : readDkimKey(dkimPrivateKey);
  if (!dkimDomain || !dkimSelector || !key) return [];
  const publicPart = publicPartOf(key);
  return [
    {
      ...{ purpose: "dkim", type: "TXT", name: `${dkimSelector}._domainkey.${dkimDomain}` },
      value: `v=DKIM1; k=rsa; p=${publicPart}`,
      judge(found) {
        const parts = found.map((text) => /(?:^|;)\s*p=([^;]*)/i.exec(text)?.[1]?.replace(/\s+/g, ""));
        if (!parts.some((part) => part !== undefined))
          return {
            ok: false,
            detail: "The key is not there: signatures cannot be checked and count for nothing.",
          };
        if (!parts.includes(publicPart))
          return {
            ok: false,
            detail: "Another key is there; put this one in its place, or use another selector.",
          };
        const isOfSender = fromDomain === dkimDomain || fromDomain.endsWith(`.${dkimDomain}`);
        return isOfSender
          ? { ok: true, detail: "The key is there, and is the one that signs." }
          : {
              ok: false,
              detail: `The key is there, but it signs for ${dkimDomain} while the sender is of ${fromDomain}; sign for ${fromDomain}.`,
            };
      },
    },
  ];
}

/** RFC 7489. */
function dmarc(domain: string): DnsRecord {
  return {
    ...{ purpose: "dmarc", type: "TXT", name: `_dmarc.${domain}` },
    value: `v=DMARC1; p=none; rua=mailto:postmaster@${domain}`,
    judge(found) {
      const record = found.find((text) => /^v=DMARC1\b/i.test(text));
      if (record === undefined)
        return {
          ok: false,
          detail:
            "Gmail and Yahoo ask for one of everybody who sends a lot; begin with p=none, and read the reports.",
        };
      if (!/;\s*p=(none|quarantine|reject)\b/i.test(record))
        return { ok: false, detail: "It has no policy; add p=none, p=quarantine or p=reject." };
      return { ok: true, detail: "It is there." };
    },
  };
}

function bounce(domain: string): DnsRecord {
  return {
    ...{ purpose: "bounce", type: "MX", name: domain, value: `mail.${domain}` },
    judge(found) {
      if (found.length === 0)
        return {
          ok: false,
          detail:
            "Nobody takes mail for it, so what cannot be delivered never comes back; name the host that Chapar's BOUNCE_PORT is reached at, or that pipes to it.",
        };
      return { ok: true, detail: `${found.join(", ")} takes mail for it; see that it hands it to Chapar.` };
    },
  };
}
