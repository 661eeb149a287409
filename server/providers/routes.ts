import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { Http } from "../http/server.ts";
import { PageQuery, pageOf } from "../lib/page.ts";
import {
  type AccountParts,
  type AnsweredAccount,
  changeProviderAccount,
  checkDns,
  checkProviderAccount,
  createProviderAccount,
  getProviderAccount,
  listKinds,
  listProviderAccounts,
  makeKeys,
  removeProviderAccount,
  resumeProviderAccount,
} from "./accounts.ts";
import {
  CheckAnswer,
  DnsAnswer,
  MadeKeys,
  NewProviderAccount,
  ProviderAccount,
  ProviderAccountChange,
  ProviderKind,
  TemplatesAnswer,
} from "./schema.ts";
import { readTemplates, refreshTemplates } from "./templates.ts";

const Params = z.object({ id: z.uuid() });

export async function providerRoutes(
  http: Http,
  { accounts: parts, publicUrl }: { accounts: AccountParts; publicUrl: string | null },
): Promise<void> {
  const { providers } = parts;

  /** Where providers reach us is what the operator says, or else how the caller did. */
  const toAnswer = (
    request: Pick<FastifyRequest, "protocol" | "host">,
    { receiptsPath, ...account }: AnsweredAccount,
  ): ProviderAccount => ({
    ...account,
    receiptsUrl: (publicUrl ?? `${request.protocol}://${request.host}`) + receiptsPath,
  });

  http.get(
    "/providers",
    {
      schema: {
        tags: ["Providers"],
        summary: "Accounts of providers, newest first",
        querystring: PageQuery,
        response: { 200: pageOf(ProviderAccount) },
      },
    },
    async (request) => {
      const page = await listProviderAccounts(parts, request.caller.appKey, request.query);
      return { ...page, data: page.data.map((account) => toAnswer(request, account)) };
    },
  );

  http.get(
    "/providers/kinds",
    {
      schema: {
        tags: ["Providers"],
        summary: "Providers that an account can be made of, with what each needs",
        response: { 200: z.object({ data: z.array(ProviderKind) }) },
      },
    },
    async () => ({ data: listKinds(providers) }),
  );

  http.get(
    "/providers/templates",
    {
      schema: {
        tags: ["Providers"],
        summary: "Templates of WhatsApp that accounts can send, with what became of them",
        description: "They are fetched once an hour, and when they are first asked for.",
        response: { 200: TemplatesAnswer },
      },
    },
    (request) => readTemplates(parts, request.caller.appKey),
  );

  http.post(
    "/providers/:id/templates/refresh",
    {
      schema: {
        tags: ["Providers"],
        summary: "Fetch the templates of an account now",
        params: Params,
        response: { 200: TemplatesAnswer },
      },
    },
    (request) => refreshTemplates(parts, request.caller.appKey, request.params.id),
  );

  http.post(
    "/providers/kinds/:provider/keys",
    {
      schema: {
        tags: ["Providers"],
        summary: "Make a pair of keys for an account of a provider that gives out none, such as Web Push",
        description: "Nothing is stored: put them into the `config` of the account.",
        params: z.object({ provider: z.string() }),
        response: { 200: MadeKeys },
      },
    },
    async (request) => ({ config: makeKeys(providers, request.params.provider) }),
  );

  http.post(
    "/providers",
    {
      schema: {
        tags: ["Providers"],
        summary: "Make an account of a provider",
        description:
          "Messages of its channel leave by it from now on. Secrets in `config` are kept encrypted and never shown again.",
        body: NewProviderAccount,
        response: { 201: ProviderAccount },
      },
    },
    async (request, reply) => {
      const account = await createProviderAccount(parts, request.caller, request.body);
      return reply
        .status(201)
        .header("location", `/api/providers/${account.id}`)
        .send(toAnswer(request, account));
    },
  );

  http.get(
    "/providers/:id",
    {
      schema: {
        tags: ["Providers"],
        summary: "One account, and whether it sends",
        params: Params,
        response: { 200: ProviderAccount },
      },
    },
    async (request) =>
      toAnswer(request, await getProviderAccount(parts, request.caller.appKey, request.params.id)),
  );

  http.patch(
    "/providers/:id",
    {
      schema: {
        tags: ["Providers"],
        summary: "Change an account",
        description:
          "A `config` replaces the whole; secrets that are sent back hidden stay as they are, unless they would go to " +
          "another host. An account that was paused goes on with its new config.",
        params: Params,
        body: ProviderAccountChange,
        response: { 200: ProviderAccount },
      },
    },
    async (request) =>
      toAnswer(request, await changeProviderAccount(parts, request.caller, request.params.id, request.body)),
  );

  http.delete(
    "/providers/:id",
    {
      schema: {
        tags: ["Providers"],
        summary: "Forget an account",
        description: "Messages that wait for it leave by another account of the channel, if there is one.",
        params: Params,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await removeProviderAccount(parts, request.caller, request.params.id);
      return reply.status(204).send(null);
    },
  );

  http.post(
    "/providers/:id/check",
    {
      schema: {
        tags: ["Providers"],
        summary: "Try whether the service of an account can be reached; nobody gets a message",
        params: Params,
        response: { 200: CheckAnswer },
      },
    },
    (request) => checkProviderAccount(parts, request.caller.appKey, request.params.id),
  );

  http.get(
    "/providers/:id/dns",
    {
      schema: {
        tags: ["Providers"],
        summary: "What has to stand in the DNS for an account to be believed, and what stands there now",
        params: Params,
        response: { 200: DnsAnswer },
      },
    },
    (request) => checkDns(parts, request.caller.appKey, request.params.id),
  );

  http.post(
    "/providers/:id/resume",
    {
      schema: {
        tags: ["Providers"],
        summary: "Let an account go on that is paused or rests",
        params: Params,
        response: { 200: ProviderAccount },
      },
    },
    async (request) =>
      toAnswer(request, await resumeProviderAccount(parts, request.caller, request.params.id)),
  );
}
