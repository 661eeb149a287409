import { type Logger, pino } from "pino";
import type { Config } from "./config.ts";

/** The log of a role: one JSON object a line on stdout. */
export function createLogger(config: Config, role: string): Logger {
  return pino({
    level: config.logLevel,
    base: { role, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
  });
}
