import type { MemberForm } from "./memberConfig.ts";

/** Which port goes with which encryption, as mail services have it (RFC 8314). */
const usualPorts: Record<string, string> = { starttls: "587", tls: "465" };

/** The form with a change, and what goes with it: the port with the encryption, the domain of a signature with its key. */
export function smtpChanged(form: MemberForm, change: MemberForm): MemberForm {
  const next = { ...form, ...change };
  if (change.security !== undefined) {
    const isUsual = ["", ...Object.values(usualPorts)].includes((form.port ?? "").trim());
    const port = usualPorts[change.security];
    return isUsual && port !== undefined ? { ...next, port } : next;
  }
  if (change.port !== undefined) {
    const goesWith = Object.entries(usualPorts).find(([, port]) => port === change.port?.trim());
    return goesWith === undefined || form.security === "none" ? next : { ...next, security: goesWith[0] };
  }
  const isSigned = (next.dkimPrivateKey ?? "") !== "";
  const wasGuessed = ["", domainOf(form.fromEmail ?? "")].includes(form.dkimDomain ?? "");
  if (isSigned && wasGuessed && change.dkimDomain === undefined)
    return { ...next, dkimDomain: domainOf(next.fromEmail ?? "") };
  return next;
}

/** What stands after the @; blank where nothing does. */
const domainOf = (address: string): string => /@([^\s@]+\.[^\s@]+)$/.exec(address.trim())?.[1] ?? "";
