import { z } from "zod";

/** Scheme, host and port of a service; what a customer sets is checked again when it is connected to. */
export const Origin = z
  .string()
  .max(200)
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), {
    error: "is not an address, as https://push.example.com",
    abort: true,
  })
  .refine((text) => /^https?:\/\/[^/?#\s@]+\/?$/i.test(text), {
    error: "has more than scheme, host and port, as https://push.example.com; leave the rest out",
  });

export const timeoutMs = z
  .int()
  .min(100)
  .max(120_000)
  .default(10_000)
  .describe("Milliseconds, from beginning to the end of the answer");

/** What is sent in a header or an address as it is. */
export const credential = z
  .string()
  .min(1, "is empty")
  .max(4_000)
  .regex(/^[\x21-\x7e]+$/, "has a blank, a line break or a letter outside of ASCII in it; copy it again");

/** Who may report, where the service signs nothing: it is told to send this with each report. */
export const receiptsToken = credential
  .min(8, "is too short to keep anybody out; make it 8 characters or more")
  .optional()
  .describe(
    "What a report has to carry in the header x-chapar-token; without it the address alone is the secret",
  );
