import type { z } from "zod";

/** A form's check by the server's own schema: the faults by field, in the form's words where it has them. */
export function validateWith(
  schema: z.ZodType,
  words: Record<string, string>,
): (values: unknown) => Record<string, string> {
  return (values) => {
    const result = schema.safeParse(values);
    if (result.success) return {};
    return Object.fromEntries(
      result.error.issues.map((issue) => {
        const field = String(issue.path[0] ?? "");
        return [field, words[field] ?? issue.message];
      }),
    );
  };
}
