/** What mail programs show, as the server takes it. */
export const imageTypes = ["image/png", "image/jpeg", "image/gif", "image/webp"] as const;

/** Typed by the server's own. */
export const maxImageBytes: typeof import("../../../server/files/schema.ts").maxFileBytes = 5 * 1024 * 1024;

/** Whether an image is one of ours, that the panel may show. */
export const isOurImage = (src: string): boolean => src.startsWith("/files/");

/** What a file of ours is called; another address as it is. */
export function nameIn(src: string): string {
  if (!isOurImage(src)) return src;
  const name = src.split("/").at(-1) ?? "";
  try {
    return decodeURIComponent(name);
  } catch {
    return name; // not as we write it
  }
}

/** What is wrong with a file that shall be an image; null when nothing is. */
export function faultOfImage({
  type,
  size,
}: {
  type: string;
  size: number;
}): "wrongType" | "tooLarge" | null {
  if (!imageTypes.some((known) => known === type)) return "wrongType";
  return size > maxImageBytes ? "tooLarge" : null;
}
