import { z } from "zod";
import { PageQuery } from "../lib/page.ts";
import { type FieldGroup, fieldGroups, fieldTypes } from "./fields.ts";
import { ruleOperators } from "./operators.ts";

const Target = z
  .union([z.record(z.string(), z.unknown()), z.string()], "expected a filter object; {} is everyone")
  .describe("LoopBack-style filter, its JSON text, or the name or id of a segment; {} is everyone");

const Rules = z
  .record(z.string(), z.unknown(), 'expected rules such as {"all":[…]}')
  .describe('Rules: {"all":[…]}, {"any":[…]} or {"not":…}, of {"name","operator","value"} and such groups');

/** A filter in one of its two notations. */
export const filterFields = { target: Target.optional(), segment: Rules.optional() };

interface Filter {
  target?: string | Record<string, unknown> | undefined;
  segment?: Record<string, unknown> | undefined;
}

/** Whether a body has one of the two notations; with {@link oneFilter} a refinement of it. */
export const hasOneFilter = (body: Filter): boolean =>
  (body.target === undefined) !== (body.segment === undefined);

export const oneFilter = {
  path: ["target"],
  error: "is required: a filter ({} is everyone); or segment, with rules, but not both",
  when: ({ value }: { value: unknown }) => typeof value === "object" && value !== null,
};

/** The filter of a body that has one. */
export const filterOf = ({ target, segment }: Filter) => (segment === undefined ? { target } : { segment });

/** A named set of users: a dynamic one is whoever matches a filter, a static one a list. */
export const Segment = z
  .object({
    id: z.uuid(),
    name: z.string(),
    kind: z.enum(["static", "dynamic"]),
    target: z.unknown().describe("Of a dynamic one its filter, with ids where it names segments; else null"),
    segment: z.unknown().describe("The same in rules, where it was given in rules; else null"),
    isPinned: z.boolean().describe("Shown on the first page of the panel"),
    createdAt: z.iso.datetime(),
    createdBy: z.string().nullable().describe("Name of an access token, or e-mail address of an account"),
  })
  .meta({ id: "Segment" });
export type Segment = z.infer<typeof Segment>;

export const SegmentUse = z
  .object({ kind: z.enum(["segment", "message", "import"]), id: z.uuid(), name: z.string() })
  .describe(
    "What a segment is a part of: a segment; a message that is on its way or an import that adds to it",
  )
  .meta({ id: "SegmentUse" });
export type SegmentUse = z.infer<typeof SegmentUse>;

export const SegmentDetail = Segment.extend({
  users: z.int().optional().describe("Members that still exist, counted now; absent with `count=false`"),
  usedBy: z.array(SegmentUse),
}).meta({ id: "SegmentDetail" });
export type SegmentDetail = z.infer<typeof SegmentDetail>;

export const SegmentQuery = PageQuery.extend({
  search: z.string().trim().max(128).optional().describe("Part of the name, in capitals or not"),
  pinned: z.literal("true").optional().describe("Only those that are pinned"),
});
export type SegmentQuery = z.infer<typeof SegmentQuery>;

/** Query of `GET /api/segments/{id}`. */
export const SegmentDetailQuery = z.object({
  count: z
    .enum(["true", "false"])
    .default("true")
    .describe("`false` answers without counting, which takes a while with millions of users"),
});

const SegmentName = z
  .string()
  .trim()
  .min(1, "expected a name of 1 to 128 characters")
  .max(128, "expected a name of 1 to 128 characters");

/** Body of `POST /api/segments`. */
export const CreateSegment = z
  .strictObject({
    name: SegmentName,
    kind: z
      .enum(["static", "dynamic"])
      .default("dynamic")
      .describe("static: a list of those who match now, which stays as it is"),
    ...filterFields,
  })
  .refine(hasOneFilter, oneFilter)
  .meta({ id: "CreateSegment" });
export type CreateSegment = z.infer<typeof CreateSegment>;

/** Query of `POST /api/segments/from-file`. */
export const FileSegmentQuery = z.object({ name: SegmentName.describe("Of the segment") });

/** Answer of `POST /api/segments/from-file`: a static segment of the users whose ids are in a file. */
export const FileSegment = z
  .object({
    id: z.uuid(),
    name: z.string(),
    rows: z.int().describe("Ids in the file"),
    found: z.int().describe("Users in the segment, each once"),
    unknown: z.int().describe("Ids that nobody has"),
    unknownFirst: z.array(z.string()).describe("The first of them, at most 20"),
  })
  .meta({ id: "FileSegment" });
export type FileSegment = z.infer<typeof FileSegment>;

/** Body of `PATCH /api/segments/{id}`: what is not named stays. */
export const EditSegment = z
  .strictObject({ name: SegmentName.optional(), isPinned: z.boolean().optional(), ...filterFields })
  .refine((body) => body.target === undefined || body.segment === undefined, {
    path: ["segment"],
    error: "give either target or segment, not both",
  })
  .meta({ id: "EditSegment" });
export type EditSegment = z.infer<typeof EditSegment>;

/** Body of `POST /api/segments/{id}/duplicate`. */
export const DuplicateSegment = z
  .strictObject({ name: SegmentName.optional().describe("If missing, the name and a number") })
  .meta({ id: "DuplicateSegment" });

/** Body of `POST /api/segments/count`. */
export const CountRequest = z
  .strictObject({
    ...filterFields,
    perRule: z.boolean().default(false).describe("Also every rule and group by itself"),
    estimate: z
      .boolean()
      .default(false)
      .describe("Answer within 300 ms: where counting takes longer, an estimate from a sample of all users"),
  })
  .refine(hasOneFilter, oneFilter)
  .meta({ id: "SegmentCountRequest" });
export type CountRequest = z.infer<typeof CountRequest>;

const numbers = {
  users: z.int().describe("Distinct users that match, also those without an installation"),
  installations: z.int().describe("Their matching installations, opted-out and tokenless ones included"),
  reach: z.object({
    inbox: z.int().describe("Installations"),
    push: z.int().describe("Installations with a usable token"),
    email: z.int().describe("Users"),
    sms: z.int().describe("Users"),
    whatsapp: z.int().describe("Users"),
  }),
};

const RuleCount = z
  .object({ pointer: z.string().describe("JSON pointer to the rule or group in the request"), ...numbers })
  .meta({ id: "SegmentRuleCount" });

/** Enough of a user to know them by. */
export const SampleUser = z
  .object({
    userId: z.string(),
    isGuest: z.boolean(),
    name: z.string().nullable(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
  })
  .meta({ id: "SegmentSampleUser" });
export type SampleUser = z.infer<typeof SampleUser>;

export const SegmentCount = z
  .object({
    ...numbers,
    isEstimate: z.boolean(),
    samples: z.array(SampleUser).describe("Ten of them, or all when there are fewer"),
    rules: z.array(RuleCount).optional().describe("With `perRule`, in the order they are written in"),
  })
  .meta({ id: "SegmentCount" });
export type SegmentCount = z.infer<typeof SegmentCount>;

/** The numbers of a filter, without who they are. */
export type SegmentNumbers = Pick<SegmentCount, "users" | "installations" | "reach">;

const SegmentField = z
  .object({
    name: z.string().describe("As a rule or a filter names it; of the group `behaviour` the event's name"),
    group: z.enum(Object.keys(fieldGroups) as [FieldGroup, ...FieldGroup[]]),
    type: z.enum([...fieldTypes, "event"]),
    operators: z.array(z.enum(ruleOperators)),
    values: z.array(z.string()).optional().describe("What it can be, where that is a short list"),
  })
  .meta({ id: "SegmentField" });
export type SegmentField = z.infer<typeof SegmentField>;

/** Answer of `GET /api/segments/fields`: everything a filter of the app can speak of, in the order of the groups. */
export const SegmentFields = z
  .object({
    data: z.array(SegmentField),
    eventFields: z
      .array(
        z.object({ stat: z.string(), type: z.enum(fieldTypes), operators: z.array(z.enum(ruleOperators)) }),
      )
      .describe("What there is of every event, as `<event>.<stat>`"),
  })
  .meta({ id: "SegmentFields" });
export type SegmentFields = z.infer<typeof SegmentFields>;

/** A filter that many need, to start from. */
export const SegmentPreset = z
  .object({
    id: z.string(),
    segment: z.unknown().describe("Rules; `$event` in a name stands for an event to be chosen"),
    needsEvent: z.boolean(),
  })
  .meta({ id: "SegmentPreset" });

export const SegmentGrowth = z
  .object({ data: z.array(z.object({ day: z.iso.date(), users: z.int() })) })
  .meta({ id: "SegmentGrowth" });
export type SegmentGrowth = z.infer<typeof SegmentGrowth>;
