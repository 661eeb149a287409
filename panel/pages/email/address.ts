/** A link as it was typed, made whole: `example.com` is `https://example.com`. Null for what leads nowhere. */
export function asAddress(typed: string): string | null {
  const text = typed.trim();
  // A variable may stand for the whole of it.
  if (/^\{[{%]/.test(text)) return text;
  if (/^(https?:\/\/\S|mailto:\S|tel:\S)/i.test(text)) return text;
  if (/^[\w.+-]+@[\w-]+(\.[\w-]+)+$/.test(text)) return `mailto:${text}`;
  if (/^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+([/?#:]\S*)?$/u.test(text)) return `https://${text}`;
  return null;
}

/** Whether it leads anywhere as it stands. */
export const isAddress = (text: string): boolean => asAddress(text) === text.trim();
