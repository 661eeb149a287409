/** What a path is given by `main.ts`. */
export interface Run {
  /** What the command line said after the path's name. */
  readonly args: readonly string[];
  /** One line for the person who watches; figures go to stdout at the end. */
  say(line: string): void;
  /** Done at the end, in the opposite order: also after a failure and after Ctrl-C. */
  later(step: Step): void;
}

type Step = () => Promise<void> | void;

/** A figure cannot be believed, or something broke that must not break; `message` is for a person. */
export class Failure extends Error {
  override readonly name = "Failure";
}

/** Steps to be done at the end, the last one first. Ending twice waits for the one end. */
export function collectSteps(): { later(step: Step): void; end(): Promise<void> } {
  const steps: Step[] = [];
  let ending: Promise<void> | null = null;
  const unwind = async () => {
    for (let step = steps.pop(); step; step = steps.pop()) {
      try {
        await step();
      } catch (error) {
        console.error(error); // the other steps still have to be done
      }
    }
  };
  return {
    later: (step) => steps.push(step),
    end() {
      ending ??= unwind();
      return ending;
    },
  };
}

/** A part of the run that ends before the run does: its own steps are done when `work` is. */
export async function scoped<T>(run: Run, work: (part: Run) => Promise<T>): Promise<T> {
  const { later, end } = collectSteps();
  run.later(end);
  try {
    return await work({ ...run, later });
  } finally {
    await end();
  }
}
