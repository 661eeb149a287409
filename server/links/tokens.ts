import { createHash, createHmac, createSecretKey, hkdfSync, timingSafeEqual } from "node:crypto";

/**
 * What a link or address in a message is for. `click` leads on to a link of the message, `open` is the picture that is
 * loaded with it, `leave` is to hear no more, `bounce` is where the mail comes back to, and what it is called.
 */
const purposes = ["click", "open", "leave", "bounce"] as const;
type Purpose = (typeof purposes)[number];

/** Whose message a token speaks of: without a word about the person that anybody else could read. */
export interface TokenSubject {
  messageId: string;
  /** Of the recipient as it was frozen. */
  userKey: string;
  /** Of the message: 0, or 1 for what followed when it was not shown. */
  step: number;
}

/** Makes and reads the tokens of links. Those of another SECRET_KEY are as unknown as forged ones. */
export interface LinkTokens {
  /** 64 letters, digits, `-` and `_`. `link` counts from 1; `to` is signed along with it, and has to be shown again. */
  sign(purpose: Exclude<Purpose, "bounce">, subject: TokenSubject, link?: number, to?: string): string;
  /** Null for one that is not ours, of another purpose, cut or changed. */
  read(
    purpose: Exclude<Purpose, "bounce">,
    token: string,
    to?: string,
  ): (TokenSubject & { link: number }) | null;
  /**
   * 61 lower-case letters and digits for the left side of an address, with room for `b+` before them: mail servers may
   * change the case, and allow 64 (RFC 5321 §4.5.3.1.1).
   */
  signAddress(purpose: AddressPurpose, subject: TokenSubject): string;
  readAddress(purpose: AddressPurpose, token: string): TokenSubject | null;
}

/** Addresses of ours in a mail: where it comes back to, which is its name too, and where to write to hear no more. */
type AddressPurpose = Extract<Purpose, "bounce" | "leave">;

// version of the key (1) | purpose and step (1) | message (16) | user (16) | link (2) | proof (12)
const bodyBytes = 36;
const proofBytes = 12;
// In an address there is room for 38 bytes: message (16) | user (16) | proof (6). Step and version of the key stand where
// the message id says that it is a UUIDv7. 48 bits of proof are enough where each try is a mail.
const addressBytes = 32;
const addressProofBytes = 6;
const versionNibbleAt = 6;
const addressLength = 61;

export function createLinkTokens(secretKey: string): LinkTokens {
  const bytesOfKey = Buffer.from(hkdfSync("sha256", secretKey, "", "chapar links", 32));
  const version = createHash("sha256").update(bytesOfKey).digest()[0] ?? 0;
  const key = createSecretKey(bytesOfKey);

  const prove = (body: Buffer, bytes: number, more = ""): Buffer => {
    const proof = createHmac("sha256", key).update(body);
    return (more === "" ? proof : proof.update(more)).digest().subarray(0, bytes);
  };

  const isProven = (body: Buffer, proof: Buffer, more = ""): boolean =>
    timingSafeEqual(proof, prove(body, proof.length, more));

  return {
    sign(purpose, { messageId, userKey, step }, link = 0, to = "") {
      const body = Buffer.alloc(bodyBytes + proofBytes);
      body[0] = version;
      body[1] = (purposes.indexOf(purpose) << 4) | step;
      body.write(bare(messageId), 2, "hex");
      body.write(bare(userKey), 18, "hex");
      body.writeUInt16BE(link, 34);
      prove(body.subarray(0, bodyBytes), proofBytes, to).copy(body, bodyBytes);
      return body.toString("base64url");
    },
    read(purpose, token, to = "") {
      if (!/^[\w-]{64}$/.test(token)) return null;
      const bytes = Buffer.from(token, "base64url");
      const body = bytes.subarray(0, bodyBytes);
      if (bytes[0] !== version || !isProven(body, bytes.subarray(bodyBytes), to)) return null;
      const [, kind = 0] = body;
      if (purposes[kind >> 4] !== purpose) return null;
      const messageId = uuidAt(body, 2);
      return { messageId, userKey: uuidAt(body, 18), step: kind & 15, link: body.readUInt16BE(34) };
    },
    signAddress(purpose, { messageId, userKey, step }) {
      const body = Buffer.alloc(addressBytes + addressProofBytes);
      body.write(bare(messageId), 0, "hex");
      body[versionNibbleAt] = ((body[versionNibbleAt] ?? 0) & 15) | ((version & 7) << 5) | ((step & 1) << 4);
      body.write(bare(userKey), 16, "hex");
      prove(body.subarray(0, addressBytes), addressProofBytes, purpose).copy(body, addressBytes);
      return toBase32(body);
    },
    readAddress(purpose, token) {
      // Letters more than these would stand for the same bytes.
      if (token.length !== addressLength) return null;
      const bytes = fromBase32(token.toLowerCase());
      if (bytes?.length !== addressBytes + addressProofBytes) return null;
      const body = bytes.subarray(0, addressBytes);
      if (!isProven(body, bytes.subarray(addressBytes), purpose)) return null;
      const nibbles = body[versionNibbleAt] ?? 0;
      body[versionNibbleAt] = (nibbles & 15) | 0x70;
      return { messageId: uuidAt(body, 0), userKey: uuidAt(body, 16), step: (nibbles >> 4) & 1 };
    },
  };
}

const bare = (uuid: string): string => uuid.replaceAll("-", "");

function uuidAt(bytes: Buffer, at: number): string {
  const hex = bytes.toString("hex", at, at + 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

// RFC 4648 §6, in small letters and without padding.
const alphabet = "abcdefghijklmnopqrstuvwxyz234567";

function toBase32(bytes: Buffer): string {
  let text = "";
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(held >> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  return bits > 0 ? text + alphabet[(held << (5 - bits)) & 31] : text;
}

/** Null for text that is none, or that another text stands for the same bytes as. */
function fromBase32(text: string): Buffer | null {
  const bytes = Buffer.alloc(Math.floor((text.length * 5) / 8));
  let at = 0;
  let bits = 0;
  let held = 0;
  for (const letter of text) {
    const value = alphabet.indexOf(letter);
    if (value < 0) return null;
    held = (held << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = held >> bits;
      held &= (1 << bits) - 1;
    }
  }
  return held === 0 ? bytes : null;
}
