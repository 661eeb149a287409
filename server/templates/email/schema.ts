import { z } from "zod";

/** Longest source of an e-mail, in characters. */
export const maxSource = 500_000;

const id = z.string().min(1).max(40).describe("Of the block within its e-mail, for whoever edits it");
const text = (longest: number) => z.string().max(longest);
const colour = z.string().regex(/^#[0-9a-fA-F]{6}$/, "expected a colour such as #2563eb");
const align = z.enum(["start", "center", "end"]).default("start").describe("In the direction of the text");
const address = text(2_000).describe("http://, https://, mailto: or tel:, or a variable");

const Heading = z.strictObject({
  ...{ id, kind: z.literal("heading"), align },
  text: text(1_000),
  level: z.int().min(1).max(3).default(1),
});
const Text = z.strictObject({
  ...{ id, kind: z.literal("text"), align },
  html: text(50_000).describe("Paragraphs, lists, links, bold and italic, in HTML"),
});
const Button = z.strictObject({
  ...{ id, kind: z.literal("button"), align },
  label: text(200),
  url: address,
  colour: colour.optional().describe("That of the theme if missing"),
});
const Image = z.strictObject({
  ...{ id, kind: z.literal("image"), align },
  src: text(2_000).describe("Address of the image, as POST /api/files answers it"),
  alt: text(500).default("").describe("What stands in its place, and is read aloud"),
  url: address.optional().describe("Where it leads"),
  width: z.int().min(10).max(100).default(100).describe("Percent of the room it has"),
});
const Divider = z.strictObject({ id, kind: z.literal("divider") });
const Spacer = z.strictObject({ id, kind: z.literal("spacer"), height: z.int().min(4).max(200).default(24) });
const Footer = z.strictObject({
  ...{ id, kind: z.literal("footer"), align: align.default("center") },
  html: text(5_000).describe("Who writes, and why the reader gets it"),
  unsubscribe: text(100).describe("Words of the link to hear no more; it is always there"),
  preferences: text(100).optional().describe("Words of the link to choose topics; left out if missing"),
});

const SimpleBlock = z.discriminatedUnion("kind", [Heading, Text, Button, Image, Divider, Spacer]);

const Columns = z.strictObject({
  ...{ id, kind: z.literal("columns") },
  columns: z
    .array(z.strictObject({ blocks: z.array(SimpleBlock).max(20) }))
    .min(2)
    .max(3)
    .describe("Beside each other where there is room, below each other on phones"),
});

/** One piece of an e-mail, from top to bottom. */
export const EmailBlock = z
  .discriminatedUnion("kind", [Heading, Text, Button, Image, Divider, Spacer, Footer, Columns])
  .meta({ id: "EmailBlock" });
export type EmailBlock = z.infer<typeof EmailBlock>;

/** An e-mail as a marketer builds it: blocks, and how they look. */
export const EmailDesign = z
  .strictObject({
    theme: z.strictObject({
      direction: z.enum(["ltr", "rtl"]).default("ltr"),
      background: colour.default("#f4f4f5"),
      surface: colour.default("#ffffff"),
      text: colour.default("#18181b"),
      accent: colour.default("#2563eb"),
      font: z.enum(["sans", "serif"]).default("sans"),
    }),
    blocks: z.array(EmailBlock).max(100),
  })
  .meta({ id: "EmailDesign" });
export type EmailDesign = z.infer<typeof EmailDesign>;

/**
 * What an e-mail looks like, from one of three sources. All of them may have variables (Liquid), with two besides those
 * of users: `unsubscribe_url`, `preferences_url`.
 */
export const EmailBody = z
  .discriminatedUnion("format", [
    z.strictObject({ format: z.literal("design"), design: EmailDesign }),
    z.strictObject({ format: z.literal("html"), html: text(maxSource) }),
    z.strictObject({ format: z.literal("mjml"), mjml: text(maxSource) }),
  ])
  .meta({ id: "EmailBody" });
export type EmailBody = z.infer<typeof EmailBody>;

/** What would make an e-mail land among spam, be cut, or be of no use to some. */
export const EmailWarning = z
  .object({
    code: z.enum([
      "no_unsubscribe",
      "image_only",
      "too_large",
      "no_alt",
      "insecure_link",
      "empty_link",
      "unreachable",
      "shouting",
      "unknown_variable",
    ]),
    detail: z.string().describe("What it is, where, and what would mend it"),
  })
  .meta({ id: "EmailWarning" });
export type EmailWarning = z.infer<typeof EmailWarning>;

/** Body of `POST /api/templates/email/preview`. */
export const EmailPreviewRequest = z
  .strictObject({
    subject: text(500).default(""),
    preheader: text(500).default(""),
    content: text(10_000).default("").describe("The plain text; made from the e-mail if it is blank"),
    email: EmailBody.optional().describe("Plain text alone if missing"),
    userId: z.string().min(1).max(128).optional().describe("Whose values to show; variables stay if missing"),
  })
  .meta({ id: "EmailPreviewRequest" });
export type EmailPreviewRequest = z.infer<typeof EmailPreviewRequest>;

/** An e-mail as one user would get it. */
export const EmailPreview = z
  .object({
    subject: z.string(),
    preheader: z.string(),
    htmlUrl: z
      .string()
      .nullable()
      .describe("Path of the page to frame, for some minutes; null for plain text alone"),
    text: z.string(),
    bytes: z.int().describe("Of the HTML, or of the text where there is none"),
    missing: z.array(z.string()).describe("Variables that the user has no value for"),
    warnings: z.array(EmailWarning),
  })
  .meta({ id: "EmailPreview" });
export type EmailPreview = z.infer<typeof EmailPreview>;
