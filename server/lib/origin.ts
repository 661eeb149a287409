/** Whether this is the origin of a page as browsers write it: scheme, host and port, in small letters. */
export const isOrigin = (text: string): boolean =>
  /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;

/** The origin that somebody means who pastes an address or a host: `Shop.example/cart` is `https://shop.example`. */
export function originOf(text: string): string | null {
  const wanted = text.trim();
  if (wanted === "*") return wanted;
  // Chromium would take a blank in a host for %20.
  if (/\s/.test(wanted)) return null;
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(wanted) ? wanted : `https://${wanted}`;
  const origin = URL.canParse(address) ? new URL(address).origin : "";
  return isOrigin(origin) ? origin : null;
}
