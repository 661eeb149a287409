declare module "http_ece" {
  import type { ECDH } from "node:crypto";

  /** RFC 8188 and 8291: what a browser does with a push. Throws where it is not for this key. */
  export function decrypt(
    bytes: Buffer,
    options: { version: "aes128gcm"; privateKey: ECDH; authSecret: string },
  ): Buffer;
}
