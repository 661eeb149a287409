const hidden = "•••";
// Shorter ones are words like "true", and would hide half of every sentence.
const shortest = 6;

/**
 * Makes a function that takes secrets out of a text, also where they are encoded for an address or for JSON: services
 * like to repeat in their errors what they were sent. Of a secret of several words (`Bearer abc`) each is one.
 */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const forms = secrets
    .flatMap((secret) => [secret, ...secret.split(/\s+/)])
    .filter((secret) => secret.length >= shortest)
    .flatMap((secret) => [
      secret,
      encodeURIComponent(secret.toWellFormed()),
      JSON.stringify(secret).slice(1, -1),
    ]);
  // The longest first: what has another one in it is to go as a whole.
  const longestFirst = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((rest, secret) => rest.replaceAll(secret, hidden), text);
}

/** What is secret in the text of a key (PEM): not its first and last line, whose words are in many a sentence. */
export const secretLines = (pem: string): string => pem.replace(/-----[A-Z ]+-----/g, "").trim();
