import type { Database } from "../db/database.ts";
import { validationProblem } from "../lib/problem.ts";
import { countFilter } from "../segments/count.ts";
import { resolveFilter } from "../segments/resolve.ts";
import { filterOf } from "../segments/schema.ts";
import { listAudienceSample } from "../segments/segments.ts";
import { needsOf } from "../templates/needs.ts";
import { readTemplate, renderTemplate } from "../templates/render.ts";
import { smsLength } from "../templates/sms.ts";
import { findUsersToReach } from "../users/to-reach.ts";
import { variablesOfSample } from "./variables-for.ts";

/** What a text comes to for an audience. */
export interface SmsEstimate {
  users: number;
  sampled: number;
  segments: { least: number; most: number; average: number };
  total: number;
  unicode: number;
}

/** Users for whom a text is filled in: it takes about a tenth of a second, and is right to a few per cent. */
const sampledUsers = 200;

/** How many SMS a text is made of for an audience: filled in for some of it. Throws every fault of text and filter. */
export async function estimateSms(
  db: Database,
  appKey: number,
  { content, ...filter }: { content: string } & Parameters<typeof filterOf>[0],
): Promise<SmsEstimate> {
  const read = readTemplate(content);
  if (!read.ok) throw validationProblem([{ pointer: "/content", detail: read.detail }]);
  const template = read.value;
  const { reach } = await countFilter(db, appKey, { ...filter, estimate: true, perRule: false });
  const lengths = [];
  if (template.isPlain) lengths.push(smsLength(content));
  else {
    const { condition } = await resolveFilter(db, appKey, filterOf(filter));
    const keys = await listAudienceSample(db, appKey, condition, sampledUsers);
    const users = [...(await findUsersToReach(db, appKey, keys)).values()];
    const reached = users.filter(({ phone, optedOut }) => phone !== null && !optedOut.includes("sms"));
    const sampled = reached.length > 0 ? reached : users;
    const variables = await variablesOfSample(db, appKey, needsOf([template]), sampled);
    for (const user of sampled) {
      const text = renderTemplate(template, variables(user));
      if (!text.ok) throw validationProblem([{ pointer: "/content", detail: text.detail }]);
      lengths.push(smsLength(text.value));
    }
    // Nobody is there to fill it in for: as it is with all of its gaps.
    if (lengths.length === 0) {
      const text = renderTemplate(template, { user: {} });
      lengths.push(smsLength(text.ok ? text.value : content));
    }
  }
  const segments = lengths.map((length) => length.segments);
  const average = segments.reduce((sum, count) => sum + count, 0) / segments.length;
  return {
    ...{ users: reach.sms, sampled: template.isPlain ? 0 : segments.length },
    segments: { least: Math.min(...segments), most: Math.max(...segments), average },
    total: Math.round(average * reach.sms),
    unicode: lengths.filter(({ isUnicode }) => isUnicode).length / lengths.length,
  };
}
