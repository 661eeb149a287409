/** `content-disposition` of a download: the plain name for old clients, the encoded one for others. RFC 6266 §4.3. */
export function attachment(name: string): string {
  const plain = name.replace(/[^\w.-]/g, "_");
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name.toWellFormed())}`;
}
