import { useDebouncedValue } from "@mantine/hooks";
import { type PreviewedEmail, useEmailPreview } from "../../api/emailPreview.ts";
import { usePreviews } from "../../api/templates.ts";
import type { WhatsappSource } from "../whatsapp/useWhatsappSource.ts";
import type { Previews } from "./composerFaults.ts";
import type { ComposerValues } from "./composerValues.ts";
import { previewRequest, previewsOfEmail } from "./emailPreviews.ts";
import { effectiveAt, type Place } from "./place.ts";
import { useWhatsappPreview, type WhatsappPreview } from "./useWhatsappPreview.ts";

/** What is written at a place, as one user gets it. */
export interface Looks {
  /** What is shown: as it was a moment ago, while somebody types. */
  settled: ComposerValues;
  previews: Previews;
  email: PreviewedEmail;
  whatsapp: WhatsappPreview | null;
}

/** Previews one of the contents for a user. */
export function useLooks(
  values: ComposerValues,
  place: Place,
  source: WhatsappSource,
  userId: string | undefined,
): Looks {
  const [typed] = useDebouncedValue(values, 400);
  const settled = effectiveAt(typed, place);
  const { channel } = settled;
  const isEmail = channel === "email";
  const whatsapp = useWhatsappPreview(source, channel === "whatsapp" ? settled.whatsapp : null, userId);
  const hasSmart = settled.smart.isOn && (channel === "inbox" || channel === "push");
  const email = useEmailPreview(isEmail ? previewRequest(settled, userId) : null);
  const plain = usePreviews(
    // An e-mail is shown as a whole.
    isEmail
      ? { text: "", subject: "", title: "", body: "", smart: "" }
      : {
          ...{ text: settled.text, subject: "", title: settled.title, body: settled.body },
          smart: hasSmart ? settled.smart.text : "",
        },
    userId,
  );
  return { settled, previews: isEmail ? previewsOfEmail(email.data, plain) : plain, email, whatsapp };
}
