import { type ParseArgsConfig, parseArgs } from "node:util";

/** A command that was given wrongly; `message` is one line. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/**
 * Parses a command's arguments. Throws {@link UsageError} for unknown options, missing values and a wrong number of
 * plain arguments.
 */
export function readArguments<O extends NonNullable<ParseArgsConfig["options"]>>(
  args: readonly string[],
  options: O,
  plain: { readonly min: number; readonly max: number } = { min: 0, max: 0 },
) {
  const parsed = parse(args, options);
  if (parsed.positionals.length < plain.min) throw new UsageError("Something is missing; see chapar --help");
  const surplus = parsed.positionals[plain.max];
  if (surplus !== undefined) throw new UsageError(`Unexpected argument "${surplus}"; see chapar --help`);
  return parsed;
}

function parse<O extends NonNullable<ParseArgsConfig["options"]>>(args: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    // "Unknown option '--x'. To specify a positional …": the first sentence is what matters.
    const [sentence] = (error as Error).message.split(". ");
    throw new UsageError(`${sentence?.replace(/\.$/, "")}; see chapar --help`, { cause: error });
  }
}

/** A whole number of at least `min`. Throws {@link UsageError} naming the option. */
export function readCount(option: string, value: string, min: number): number {
  const count = Number(value);
  if (Number.isSafeInteger(count) && count >= min) return count;
  throw new UsageError(`${option} must be a whole number of at least ${min}, not "${value}"`);
}
