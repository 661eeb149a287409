/** A field that FCM does not like, and why. */
export interface FieldViolation {
  field: string;
  description: string;
}

const mostBytes = 4096;
const longestTtlSeconds = 28 * 86_400;
type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isDuration: Check = (value) => typeof value === "string" && /^\d+(\.\d{1,9})?s$/.test(value);
const isTtl: Check = (value) => isDuration(value) && Number.parseFloat(String(value)) <= longestTtlSeconds;
const isFlag: Check = (value) => typeof value === "boolean";
const isTexts: Check = (value) => isMap(value) && Object.values(value as object).every(isText);
const isMap: Check = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isColor: Check = (value) => typeof value === "string" && /^#[0-9a-f]{6}$/i.test(value);
const isShare: Check = (value) => typeof value === "number" && value >= 0 && value <= 1;

type Shape = { [name: string]: Check | Shape };

/** The part of the message that we write. https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages */
const request: Shape = {
  validate_only: isFlag,
  message: {
    token: isText,
    data: isTexts,
    notification: { title: isText, body: isText, image: isText },
    android: {
      ...{ collapse_key: isText, ttl: isTtl, data: isTexts },
      priority: (value) => value === "HIGH" || value === "NORMAL",
      notification: {
        ...{ title: isText, body: isText, icon: isText, color: isColor, sound: isText, tag: isText },
        ...{ click_action: isText, channel_id: isText, image: isText, sticky: isFlag },
        notification_count: (value) => Number.isInteger(value) && Number(value) >= 0,
        vibrate_timings: (value) => Array.isArray(value) && value.every(isDuration),
        light_settings: {
          color: { red: isShare, green: isShare, blue: isShare, alpha: isShare },
          ...{ light_on_duration: isDuration, light_off_duration: isDuration },
        },
      },
    },
    apns: { headers: isTexts, payload: isMap, fcm_options: { image: isText } },
    webpush: {
      ...{ headers: isTexts, data: isTexts, notification: isMap },
      fcm_options: { link: (value) => typeof value === "string" && value.startsWith("https://") },
    },
  },
};

/** What FCM would find wrong with the body of a request, as far as it is documented. */
export function faultsOfFcmMessage(text: string, body: Record<string, unknown>): FieldViolation[] {
  if (Object.keys(body).length === 0)
    return [{ field: "", description: "Invalid JSON payload received. Unexpected end of string." }];
  const violations = [...faultsOf(body, request, "")];
  const message = body.message as
    | { token?: unknown; data?: Record<string, unknown>; apns?: object }
    | undefined;
  if (!message?.token)
    violations.push({
      field: "message",
      description: "Recipient of the message is not set, exactly one of token, topic or condition is needed.",
    });
  const data = message?.data ?? {};
  for (const name of Object.keys(data))
    if (/^(from|message_type|google.*|gcm.*)$/.test(name))
      violations.push({ field: `message.data[${name}]`, description: `Invalid data payload key: ${name}` });
  if (text.length * 3 > mostBytes && violations.length === 0 && bytesOf(message ?? {}) > mostBytes)
    violations.push({ field: "message", description: "Message is too big, the limit is 4096 bytes." });
  return violations;
}

function* faultsOf(value: unknown, shape: Shape, path: string): Generator<FieldViolation> {
  if (!isMap(value)) {
    yield { field: path, description: `Invalid value at '${path}', expected an object` };
    return;
  }
  for (const [name, inner] of Object.entries(value as Record<string, unknown>)) {
    const field = path === "" ? name : `${path}.${name}`;
    const check = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (!check)
      yield {
        field,
        description: `Invalid JSON payload received. Unknown name "${name}" at '${path}': Cannot find field.`,
      };
    else if (typeof check !== "function") yield* faultsOf(inner, check, field);
    else if (!check(inner)) yield { field, description: `Invalid value at '${field}'` };
  }
}

function bytesOf({ data, notification }: { data?: object; notification?: object }): number {
  const pairs = [...Object.entries(data ?? {}), ...Object.entries(notification ?? {})];
  return pairs.reduce((sum, [name, value]) => sum + name.length + Buffer.byteLength(String(value)), 0);
}
