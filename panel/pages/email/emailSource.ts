import type { EmailBody, EmailDesign } from "../../../server/templates/email/schema.ts";
import type { Strings } from "../../strings/en.ts";

/** How an e-mail can be written. */
export const formats = ["design", "html", "mjml", "plain"] as const;
export type EmailFormat = (typeof formats)[number];

/** An e-mail as it is written. What was begun in the other ways is there to go back to; only the chosen one is saved. */
export interface EmailSource {
  format: EmailFormat;
  design: EmailDesign | null;
  html: string;
  mjml: string;
  /** Nobody has changed anything in it yet. */
  isStarter: boolean;
}

const nothing: EmailSource = { format: "plain", design: null, html: "", mjml: "", isStarter: false };

/** A saved body as it is shown; none is plain text alone. */
export function sourceOf(body: EmailBody | undefined): EmailSource {
  switch (body?.format) {
    case undefined:
      return nothing;
    case "design":
      return { ...nothing, format: "design", design: body.design };
    case "html":
      return { ...nothing, format: "html", html: body.html };
    case "mjml":
      return { ...nothing, format: "mjml", mjml: body.mjml };
  }
}

/** What is saved of it; undefined for plain text alone. */
export function bodyOf({ format, design, html, mjml }: EmailSource): EmailBody | undefined {
  switch (format) {
    case "plain":
      return undefined;
    case "design":
      return design === null ? undefined : { format, design };
    case "html":
      return { format, html };
    case "mjml":
      return { format, mjml };
  }
}

/** Whether it has anything for a reader to see besides its plain text. */
export function isBlank({ format, design, html, mjml }: EmailSource): boolean {
  if (format === "plain") return true;
  if (format === "design") return (design?.blocks ?? []).every(({ kind }) => kind === "footer");
  return (format === "html" ? html : mjml).trim() === "";
}

/** What a new e-mail begins with: something good to write over. */
export function starterDesign(strings: Strings, direction: "ltr" | "rtl", newId: () => string): EmailDesign {
  const { starter } = strings.email.design;
  return {
    theme: {
      ...{ direction, background: "#f4f4f5", surface: "#ffffff", text: "#18181b", accent: "#2563eb" },
      font: "sans",
    },
    blocks: [
      { id: newId(), kind: "heading", align: "start", text: starter.heading, level: 1 },
      { id: newId(), kind: "text", align: "start", html: starter.text },
      { id: newId(), kind: "button", align: "start", label: starter.button, url: "" },
      {
        ...{ id: newId(), kind: "footer", align: "center", html: starter.footer },
        unsubscribe: starter.unsubscribe,
        preferences: starter.preferences,
      },
    ],
  };
}

/** A new e-mail. */
export const starterSource = (...words: Parameters<typeof starterDesign>): EmailSource => ({
  ...nothing,
  format: "design",
  design: starterDesign(...words),
  isStarter: true,
});

/** What MJML begins with, so that nobody faces a blank page. */
export const starterMjml = ({ email }: Strings): string =>
  `<mjml>
  <mj-body>
    <mj-section>
      <mj-column>
        <mj-text>${email.design.starter.heading}</mj-text>
      </mj-column>
    </mj-section>
    <mj-section>
      <mj-column>
        <mj-text align="center" font-size="12px">
          <a href="{{ unsubscribe_url }}">${email.design.starter.unsubscribe}</a>
        </mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
`;
