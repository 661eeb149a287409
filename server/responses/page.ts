import { type Language, textsOf } from "./texts.ts";

/** What the page of choices says. */
export interface Choices {
  language: Language;
  appName: string;
  /** Masked; null when the reader has none, or is gone. */
  address: string | null;
  /** Null when the reader is gone. */
  hearsEmail: boolean | null;
  topics: readonly { topic: string; title: string; isHeard: boolean }[];
  isSaved: boolean;
}

const escapes: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (letter) => escapes[letter] ?? letter);
/** A name of which nobody knows the direction must not turn the sentence around it. */
const isolated = (text: string): string => `<bdi>${escaped(text)}</bdi>`;

/** The page of choices: a form that works without scripts. It is posted to the address that it has. */
export function renderChoices(choices: Choices): string {
  const { language, appName, address, hearsEmail, topics, isSaved } = choices;
  const texts = textsOf[language];
  const parts = [
    `<p class="app">${isolated(appName)}</p>`,
    `<h1>${texts.title}</h1>`,
    ...(address === null ? [] : [`<p class="for">${texts.for(isolated(appName), isolated(address))}</p>`]),
    ...(isSaved ? [`<p class="saved" role="status">${texts.saved}</p>`] : []),
  ];
  if (hearsEmail === null) parts.push(`<p class="state">${texts.gone}</p>`);
  else {
    parts.push(`<p class="state">${hearsEmail ? texts.hearsAll : texts.leftAll}</p>`);
    parts.push('<form method="post">');
    if (hearsEmail && topics.length > 0) parts.push(...renderTopics(topics, language));
    parts.push(
      hearsEmail
        ? `<button class="${topics.length > 0 ? "quiet" : "main"}" name="wish" value="leave">${texts.leaveAll}</button>`
        : `<button class="main" name="wish" value="return">${texts.returnToAll}</button>`,
      "</form>",
    );
  }
  return page(language, texts.title, parts.join("\n"));
}

function renderTopics(topics: Choices["topics"], language: Language): string[] {
  const texts = textsOf[language];
  return [
    `<fieldset><legend>${texts.whatToHear}</legend>`,
    ...topics.map(
      ({ topic, title, isHeard }) =>
        `<label><input type="checkbox" name="topic" value="${escaped(topic)}"${isHeard ? " checked" : ""}> ${isolated(title)}</label>`,
    ),
    // What is not ticked is not sent along: this is how it is known to have been on the page.
    ...topics.map(({ topic }) => `<input type="hidden" name="shown" value="${escaped(topic)}">`),
    `<p class="hint">${texts.topicsHint}</p></fieldset>`,
    `<button class="main" name="wish" value="save">${texts.saveTopics}</button>`,
  ];
}

/** What is said of links that lead nowhere, whatever the reason. */
export const renderNothing = (language: Language): string =>
  page(language, "404", `<p class="state">${textsOf[language].nothingHere}</p>`);

const style = `
:root{color-scheme:light dark;--back:#f4f4f5;--card:#fff;--text:#18181b;--dim:#62626b;--line:#dcdce0;--main:#1d4ed8;--on:#fff}
@media(prefers-color-scheme:dark){:root{--back:#111113;--card:#1c1c20;--text:#f4f4f5;--dim:#a1a1aa;--line:#3f3f46;--main:#93b4ff;--on:#111113}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;padding:max(1rem,6vh) 1rem;background:var(--back);color:var(--text);font:1rem/1.6 system-ui,"Segoe UI",Vazirmatn,Tahoma,sans-serif}
main{max-width:28rem;margin:0 auto;padding:1.75rem;background:var(--card);border:1px solid var(--line);border-radius:1rem;overflow-wrap:anywhere}
h1{margin:.25rem 0;font-size:1.5rem;line-height:1.3}
p{margin:.5rem 0}
.app,.for,.hint{color:var(--dim)}
.app{margin:0;font-weight:600}
.hint{font-size:.875rem}
.saved{padding:.5rem .75rem;border-inline-start:4px solid var(--main);background:var(--back)}
.state{margin:1rem 0;font-weight:600}
fieldset{margin:0 0 1rem;padding:0;border:0}
legend{padding:0;margin-bottom:.5rem}
label{display:flex;gap:.75rem;align-items:center;padding:.75rem 0;border-bottom:1px solid var(--line);cursor:pointer}
input[type=checkbox]{flex:none;width:1.25rem;height:1.25rem;accent-color:var(--main)}
button{display:block;width:100%;margin-top:.75rem;padding:.8rem 1rem;border:1px solid var(--line);border-radius:.6rem;font:inherit;font-weight:600;cursor:pointer}
button.main{background:var(--main);border-color:var(--main);color:var(--on)}
button.quiet{background:none;color:inherit}
button:focus-visible,input:focus-visible{outline:3px solid var(--main);outline-offset:2px}`;

const page = (language: Language, title: string, content: string): string => `<!doctype html>
<html lang="${language}" dir="${language === "fa" ? "rtl" : "ltr"}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<main>
${content}
</main>
</body>
</html>
`;

/** `sara@example.com` as `s•••@example.com`: whoever a mail is passed on to knows enough of it to see whose it is. */
export function masked(address: string): string {
  const at = address.lastIndexOf("@");
  return `${[...address][0] ?? ""}•••${address.slice(at < 0 ? address.length : at)}`;
}
