import { readNumber } from "../segments/values.ts";

/** A flag is the text `true`, or blank. A list is split at blanks, too; words are not. */
export type Shape = "text" | "number" | "list" | "words" | "flag";

/** A member of a configuration, as the form has it. */
export interface Member {
  shape: Shape;
  isRequired: boolean;
  /** Below the fold. */
  isAdvanced: boolean;
  /** What is wrong with a value that is neither blank nor a hidden secret; null when nothing is. */
  check(value: string): FieldFault | null;
}

/** What can be wrong with a field; the words are in the strings. */
export type FieldFault =
  | "required"
  | "fileRequired"
  | "notJson"
  | "googleServices"
  | "oauthClient"
  | "notServiceAccount"
  | "noPrivateKey"
  | "notKey"
  | "certificate"
  | "brokenKey"
  | "otherKey"
  | "tenCharacters"
  | "bundleId"
  | "publicKey"
  | "privateKey"
  | "subject"
  | "address"
  | "number"
  | "host"
  | "port"
  | "email"
  | "domain"
  | "selector"
  | "pem"
  | "phoneId"
  | "line"
  | "sid"
  | "sender"
  | "oneSender"
  | "secretOfKey"
  | "version"
  | "pasted"
  | "shortToken";

/** Anything of a pattern; `fault` is what is wrong with the rest. */
export const fits =
  (pattern: RegExp, fault: FieldFault) =>
  (value: string): FieldFault | null =>
    pattern.test(value.trim()) ? null : fault;

export const anything = () => null;
/** A member of a configuration: a text that nobody has to give, unless it is said otherwise. */
export const member = (
  check: Member["check"],
  { shape = "text", isRequired = false, isAdvanced = false }: Partial<Member> = {},
): Member => ({ check, shape, isRequired, isAdvanced });

export const needed = { isRequired: true };
export const folded = { isAdvanced: true };
/** Where a service is, for tests. */
export const address = member(fits(/^https?:\/\/\S+$/i, "address"), folded);
export const timeout = member(
  (value) => (Number.isInteger(readNumber(value)) && Number(readNumber(value)) > 0 ? null : "number"),
  {
    shape: "number",
    ...folded,
  },
);

/** A whole number within bounds. */
export const whole = (low: number, high: number, fault: FieldFault) => (value: string) => {
  const number = readNumber(value);
  return number !== null && Number.isInteger(number) && number >= low && number <= high ? null : fault;
};
