import type { Outbound } from "../provider.ts";
import { digitsOf } from "./phone.ts";

const iran = "98";
/** Numbers of Kavenegar's `localid` are signed and have 64 bits, a uuid has 128. */
const shift = 65n;

/** What a delivery is called with Kavenegar: a number below 2^63 made of its uuid, the same for a repeat. */
export const localIdOf = ({ deliveryUuid }: Outbound): string =>
  String(BigInt(`0x${deliveryUuid.replaceAll("-", "")}`) >> shift);

/** As Kavenegar writes phones: those of Iran as at home, others with the zeros of an international call. */
export const receptorOf = (phone: string): string =>
  phone.startsWith(iran) ? `0${phone.slice(iran.length)}` : `00${phone}`;

/** A phone as Kavenegar writes it, as we do: digits with the country code. Empty where it is none. */
export function phoneOf(receptor: string): string {
  const digits = digitsOf(receptor);
  if (/^0?9\d{9}$/.test(digits)) return iran + digits.slice(-10);
  return digits.startsWith("0") ? "" : digits;
}

/** Fields of `sms/sendarray`: lists in JSON, of one length. */
export const sendArrayFields = (messages: readonly Outbound[], sender: string): Record<string, string> => ({
  receptor: JSON.stringify(messages.map(({ to }) => receptorOf(to))),
  sender: JSON.stringify(messages.map(() => sender)),
  message: JSON.stringify(messages.map(({ content }) => content)),
  localmessageids: JSON.stringify(messages.map(localIdOf)),
});
