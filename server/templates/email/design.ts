import { escapeUTF8 } from "entities";
import type { EmailBlock, EmailDesign } from "./schema.ts";
import { withPlainLiquid } from "./shield.ts";

type Theme = EmailDesign["theme"];
type Align = "start" | "center" | "end";

const bodyWidth = 600;

/** The MJML of a design. Its texts must be shielded: what they say is escaped. */
export function designToMjml({ theme, blocks }: EmailDesign, options: { preheader: string }): string {
  const { direction } = theme;
  const language = direction === "rtl" ? "fa" : "en";
  return `<mjml lang="${language}" dir="${direction}">
<mj-head>
${options.preheader ? `<mj-preview>${escapeUTF8(options.preheader)}</mj-preview>` : ""}
<mj-attributes>
<mj-all font-family="${fontOf(theme)}" />
<mj-text font-size="16px" line-height="1.6" color="${theme.text}" padding="8px 24px" />
<mj-column direction="${direction}" />
<mj-section direction="${direction}" background-color="${theme.surface}" padding="0" />
</mj-attributes>
<mj-style inline="inline">a { color: ${theme.accent}; } p { margin: 0 0 12px; } ul, ol { margin: 0 0 12px; padding: 0 20px; }</mj-style>
</mj-head>
<mj-body background-color="${theme.background}" width="${bodyWidth}px">
<mj-section background-color="${theme.background}"><mj-column><mj-spacer height="16px" /></mj-column></mj-section>
${sectionsOf(blocks, theme)}
<mj-section background-color="${theme.background}"><mj-column><mj-spacer height="16px" /></mj-column></mj-section>
</mj-body>
</mjml>`;
}

const fontOf = ({ font, direction }: Theme): string => {
  if (font === "serif") return "Georgia, 'Times New Roman', serif";
  return direction === "rtl" ? "Vazirmatn, Tahoma, Arial, sans-serif" : "Helvetica, Arial, sans-serif";
};

/** Blocks that follow each other share a section; columns and footers have their own. */
function sectionsOf(blocks: readonly EmailBlock[], theme: Theme): string {
  const sections: string[] = [];
  let together: string[] = [];
  const close = () => {
    if (together.length > 0)
      sections.push(section(`<mj-column padding="12px 0">${together.join("\n")}</mj-column>`));
    together = [];
  };
  for (const block of blocks) {
    if (block.kind === "columns") {
      close();
      const width = bodyWidth / block.columns.length;
      const columns = block.columns.map(
        (column) =>
          `<mj-column vertical-align="top" padding="12px 0">${column.blocks.map((inner) => blockOf(inner, theme, width)).join("\n")}</mj-column>`,
      );
      sections.push(section(columns.join("\n")));
    } else if (block.kind === "footer") {
      close();
      const footer = blockOf(block, theme, bodyWidth);
      sections.push(
        `<mj-section background-color="${theme.background}"><mj-column>${footer}</mj-column></mj-section>`,
      );
    } else together.push(blockOf(block, theme, bodyWidth));
  }
  close();
  return sections.join("\n");
}

const section = (columns: string): string => `<mj-section>${columns}</mj-section>`;

const headingSizes = { 1: "28px", 2: "22px", 3: "18px" } as const;

function blockOf(block: Exclude<EmailBlock, { kind: "columns" }>, theme: Theme, room: number): string {
  switch (block.kind) {
    case "heading": {
      const { level, text } = block as typeof block & { level: 1 | 2 | 3 };
      return `<mj-text align="${sideOf(block.align, theme)}" font-size="${headingSizes[level]}" font-weight="700" line-height="1.3"><h${level} style="margin:0;font-size:inherit;font-weight:inherit;">${escapeUTF8(text)}</h${level}></mj-text>`;
    }
    case "text":
      return `<mj-text align="${sideOf(block.align, theme)}">${block.html}</mj-text>`;
    case "button":
      return `<mj-button align="${sideOf(block.align, theme)}" href="${escapeUTF8(block.url)}" background-color="${block.colour ?? theme.accent}" color="${inkOn(block.colour ?? theme.accent)}" font-size="16px" font-weight="600" inner-padding="12px 28px" border-radius="6px" padding="12px 24px">${escapeUTF8(block.label)}</mj-button>`;
    case "image": {
      const width = Math.round(((room - 48) * block.width) / 100);
      const link = block.url ? ` href="${escapeUTF8(block.url)}"` : "";
      return `<mj-image align="${sideOf(block.align, theme)}" src="${escapeUTF8(block.src)}" alt="${escapeUTF8(block.alt)}" width="${width}px" padding="8px 24px"${link} />`;
    }
    case "divider":
      return `<mj-divider border-width="1px" border-color="${theme.background}" padding="12px 24px" />`;
    case "spacer":
      return `<mj-spacer height="${block.height}px" />`;
    case "footer": {
      const links = [
        `<a href="${leaveUrl}" style="color:inherit;">${escapeUTF8(block.unsubscribe)}</a>`,
        ...(block.preferences
          ? [`<a href="${preferencesUrl}" style="color:inherit;">${escapeUTF8(block.preferences)}</a>`]
          : []),
      ];
      return `<mj-text align="${sideOf(block.align, theme)}" font-size="13px" color="#71717a">${block.html}<p>${links.join(" &nbsp;·&nbsp; ")}</p></mj-text>`;
    }
  }
}

/** Liquid that stands in every footer, whatever else was written. */
const leaveUrl = "{{ unsubscribe_url }}";
const preferencesUrl = "{{ preferences_url }}";

const sideOf = (align: Align, { direction }: Theme): "left" | "center" | "right" => {
  if (align === "center") return "center";
  return (align === "start") === (direction === "ltr") ? "left" : "right";
};

/** Black or white, whichever can be read on a colour (WCAG 2, relative luminance). */
function inkOn(colour: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return luminance > 0.179 ? "#000000" : "#ffffff";
}

/** The texts of a design that may have variables, by their JSON pointers within it. */
export function textsOfDesign({ blocks }: EmailDesign): { pointer: string; text: string; isHtml: boolean }[] {
  const textsOf = (block: EmailBlock, pointer: string): ReturnType<typeof textsOfDesign> => {
    if (block.kind === "columns")
      return block.columns.flatMap((column, at) =>
        column.blocks.flatMap((inner, place) => textsOf(inner, `${pointer}/columns/${at}/blocks/${place}`)),
      );
    return Object.entries(block).flatMap(([name, text]) =>
      typeof text === "string" && !fixed.has(name)
        ? [
            {
              pointer: `${pointer}/${name}`,
              text: name === "html" ? withPlainLiquid(text) : text,
              isHtml: name === "html",
            },
          ]
        : [],
    );
  };
  return blocks.flatMap((block, index) => textsOf(block, `/blocks/${index}`));
}

const fixed = new Set(["id", "kind", "align", "colour"]);

/** The same design with other texts in the places of its own. */
export function withTexts(
  design: EmailDesign,
  change: (text: string, options: { isHtml: boolean }) => string,
): EmailDesign {
  const changed = (value: unknown, name: string): unknown => {
    if (typeof value === "string")
      return fixed.has(name) ? value : change(value, { isHtml: name === "html" });
    if (Array.isArray(value)) return value.map((inner) => changed(inner, ""));
    if (typeof value === "object" && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, changed(inner, key)]));
    return value;
  };
  return { ...design, blocks: changed(design.blocks, "") as EmailDesign["blocks"] };
}
