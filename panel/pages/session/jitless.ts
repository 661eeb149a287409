import { z } from "zod";

// zod compiles each object's check with `new Function` unless told before the schema is made; the content security
// policy forbids that. So this module is imported before any schema.
z.config({ jitless: true });
