import { validationProblem } from "../lib/problem.ts";

/** Of 0 to 4: below it somebody who guesses needs less than a hundred million tries, by the estimate of zxcvbn. */
const enough = 2;

/** Refuses what is guessed first, such as `password1` or one's own name. `pointer` is where the password stood. */
export async function checkPasswordStrength(
  password: string,
  about: { name?: string | undefined; email?: string | undefined; pointer: string },
): Promise<void> {
  const check = await loadChecker();
  const words = [about.name, about.email, about.email?.split("@")[0], "chapar"].filter(
    (word) => word !== undefined,
  );
  const { score, feedback } = check(password, words);
  if (score >= enough) return;
  const reason = reasonOf(password, words, feedback.warning);
  throw validationProblem([
    {
      pointer: about.pointer,
      detail: `is guessed too soon${reason}; take three or four words that do not belong together, or let a password manager make one`,
    },
  ]);
}

/** Why, in a word: what is taken from this very page is named, since zxcvbn only says that something is. */
function reasonOf(password: string, words: readonly string[], warning: string | null | undefined): string {
  const known = words.find((word) => word.length > 2 && password.toLowerCase().includes(word.toLowerCase()));
  if (known !== undefined) return ` (${JSON.stringify(known)} is in it, which whoever guesses tries first)`;
  return warning ? ` (${warning.replace(/\.$/, "")})` : "";
}

type Check = (
  password: string,
  words: string[],
) => { score: number; feedback: { warning?: string | null | undefined } };

let checker: Promise<Check> | null = null;

/** Its lists of words take some tens of megabytes, and are wanted a few times a year. */
function loadChecker(): Promise<Check> {
  checker ??= (async () => {
    const [{ ZxcvbnFactory }, common, english] = await Promise.all([
      import("@zxcvbn-ts/core"),
      import("@zxcvbn-ts/language-common"),
      import("@zxcvbn-ts/language-en"),
    ]);
    const estimate = new ZxcvbnFactory({
      dictionary: { ...common.dictionary, ...english.dictionary },
      graphs: common.adjacencyGraphs,
      translations: english.translations,
    });
    return (password: string, words: string[]) => estimate.check(password, words);
  })();
  return checker;
}
