/** Names a delivery row: its primary key. */
export interface DeliveryKey {
  messageId: string;
  userKey: string;
  deliveryId: string;
}

/**
 * The name under which a provider or device knows a delivery, and by which its row is found again: the three keys in 64
 * letters, digits, `-` and `_`.
 */
export const referenceOf = ({ messageId, userKey, deliveryId }: DeliveryKey): string =>
  Buffer.from(`${messageId}${userKey}${deliveryId}`.replaceAll("-", ""), "hex").toString("base64url");

/** The delivery that a reference names; null when it is none of ours. */
export function readReference(reference: string): DeliveryKey | null {
  if (!/^[\w-]{64}$/.test(reference)) return null;
  const hex = Buffer.from(reference, "base64url").toString("hex");
  const at = (index: number) => {
    const part = hex.slice(index * 32, index * 32 + 32);
    return `${part.slice(0, 8)}-${part.slice(8, 12)}-${part.slice(12, 16)}-${part.slice(16, 20)}-${part.slice(20)}`;
  };
  return { messageId: at(0), userKey: at(1), deliveryId: at(2) };
}
