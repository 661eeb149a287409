import { execFile } from "node:child_process";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A mail server with a queue, mailboxes and a port of its own, beside whatever else there is on the machine. */
export interface MailServer {
  readonly port: number;
  /** Mails that arrived in the mailboxes `u0@inbox.test`, `u1@inbox.test` …, as they were written to disk. */
  mails(): string[];
  /** What it wrote about its work. */
  log(): string;
  stop(): Promise<void>;
}

/** Nobody's: Postfix gives no mail to root. */
const boxOwner = 65_534;

/**
 * Starts Debian's Postfix, as root. It takes mail for inbox.test, and what it finds out only then that there is no such
 * mailbox it sends back; mail for bounce.shop.test it hands to `bouncePort`.
 */
export async function startPostfix({ bouncePort }: { bouncePort: number }): Promise<MailServer> {
  const folder = mkdtempSync(join(tmpdir(), "chapar-postfix-"));
  chmodSync(folder, 0o755);
  for (const name of ["config", "spool", "data", "boxes"]) mkdirSync(join(folder, name));
  chownSync(join(folder, "boxes"), boxOwner, boxOwner);
  const { stdout } = await run("id", ["-u", "postfix"]);
  chownSync(join(folder, "data"), Number(stdout), Number(stdout));
  const port = await freePort();
  const config = join(folder, "config");
  writeFileSync(join(config, "main.cf"), mainConfig(folder, bouncePort));
  writeFileSync(join(config, "master.cf"), services(port));
  writeFileSync(join(config, "boxes"), "/^u[0-9]+@inbox\\.test$/ all/\n");
  await run("postfix", ["-c", config, "start"]);
  const box = join(folder, "boxes", "all", "new");
  return {
    port,
    mails: () => list(box).map((name) => readFileSync(join(box, name), "utf8")),
    log: () => readFileSync(join(folder, "log"), "utf8"),
    async stop() {
      await run("postfix", ["-c", config, "stop"]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const mainConfig = (folder: string, bouncePort: number): string => `
compatibility_level = 3.6
queue_directory = ${folder}/spool
data_directory = ${folder}/data
maillog_file = ${folder}/log
maillog_file_prefixes = ${folder}
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.inbox.test
mynetworks = 127.0.0.0/8
mydestination =
alias_maps =
alias_database =
disable_dns_lookups = yes
virtual_mailbox_domains = inbox.test
virtual_mailbox_base = ${folder}/boxes
virtual_mailbox_maps = regexp:${folder}/config/boxes
virtual_uid_maps = static:${boxOwner}
virtual_gid_maps = static:${boxOwner}
smtpd_reject_unlisted_recipient = no
relay_domains = bounce.shop.test
transport_maps = inline:{ bounce.shop.test=smtp:[127.0.0.1]:${bouncePort} }
smtpd_relay_restrictions = permit_mynetworks, reject
`;

/** Those that it cannot do without, none in a chroot. */
const services = (port: number): string => `
127.0.0.1:${port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`;

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // It makes the mailbox with the first mail.
    return [];
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
