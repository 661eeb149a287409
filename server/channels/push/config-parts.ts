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
