import type { EmailPreview } from "../../../server/templates/email/schema.ts";
import type { PreviewRequest } from "../../api/emailPreview.ts";
import { bodyOf } from "../email/emailSource.ts";
import type { Previews } from "./composerFaults.ts";
import type { ComposerValues } from "./composerValues.ts";

/** What the preview of an e-mail is made from. */
export function previewRequest(values: ComposerValues, userId: string | undefined): PreviewRequest {
  const { subject, preheader, text: content, email } = values;
  const body = email === null ? undefined : bodyOf(email);
  return {
    ...{ subject, preheader, content },
    ...(body !== undefined && { email: body }),
    ...(userId !== undefined && { userId }),
  };
}

/** The texts of an e-mail as the other channels have theirs. What is missing is missing in the whole. */
export function previewsOfEmail(email: EmailPreview | undefined, plain: Previews): Previews {
  if (email === undefined) return plain;
  const of = (text: string, missing: string[]) => ({ data: { text, missing }, error: null });
  return { ...plain, subject: of(email.subject, email.missing), text: of(email.text, []) };
}
