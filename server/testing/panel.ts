import type { Role } from "../accounts/roles.ts";
import { type Answer, call, type TestProduct } from "./product.ts";

/** A browser of the panel: it keeps cookies, and comes from an address of its own. Needs TRUST_PROXY. */
export interface TestBrowser {
  call(method: string, path: string, body?: unknown, appId?: string): Promise<Answer>;
  /** Opens an address by hand, and answers where it sends to. */
  follow(path: string): Promise<string>;
}

let addresses = 0;

export function openTestBrowser(product: Pick<TestProduct, "url">): TestBrowser {
  const cookies = new Map<string, string>();
  addresses += 1;
  // TEST-NET-2 of RFC 5737.
  const address = `198.51.100.${addresses % 250}`;
  const cookie = () => [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const keep = (headers: Headers) => {
    for (const set of headers.getSetCookie()) {
      const [pair = "", ...rest] = set.split(";");
      const at = pair.indexOf("=");
      if (rest.some((one) => /max-age=0/i.test(one)) || at === pair.length - 1)
        cookies.delete(pair.slice(0, at));
      else cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
  };
  return {
    async follow(path) {
      const { headers } = await fetch(`${product.url}${path}`, {
        ...{ redirect: "manual", headers: { cookie: cookie(), "x-forwarded-for": address } },
      });
      keep(headers);
      return headers.get("location") ?? "";
    },
    async call(method, path, body, appId) {
      const answer = await call(
        `${product.url}${path}`,
        method,
        {
          ...{ "x-chapar-panel": "1", "x-forwarded-for": address, "user-agent": "Test browser" },
          ...(cookies.size > 0 ? { cookie: cookie() } : {}),
          ...(appId === undefined ? {} : { "x-app-id": appId }),
        },
        body,
      );
      keep(answer.headers);
      return answer;
    },
  };
}

export const testPassword = "quiet lantern over gravel";

/** Makes the first account, which owns the app. */
export async function signInOwner(product: TestProduct): Promise<TestBrowser> {
  const browser = openTestBrowser(product);
  const details = { name: "Olga Owner", email: "olga@example.com", password: testPassword };
  const code = product.signInLink.split("code=")[1];
  const answer = await browser.call("POST", "/api/session/first", { code, ...details });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return browser;
}

/** Asks somebody into the team, and joins as them. */
export async function joinAs(product: TestProduct, owner: TestBrowser, role: Role): Promise<TestBrowser> {
  const email = `${role}@example.com`;
  const invited = await owner.call("POST", "/api/team/invitations", { email, role });
  const browser = openTestBrowser(product);
  const code = invited.body.link.split("code=")[1];
  const joined = await browser.call("POST", "/api/session/invitation/accept", {
    ...{ code, name: `A ${role}`, password: testPassword },
  });
  if (joined.status !== 200) throw new Error(JSON.stringify(joined.body));
  return browser;
}
