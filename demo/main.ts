import { Chapar } from "/sdk/chapar.js";
import { showCart } from "./cart.ts";
import { byId, make, picture } from "./dom.ts";
import { showInbox } from "./inbox.ts";
import { firstLanguage, formats, keepLanguage } from "./language.ts";
import { type Product, products } from "./products.ts";

let language = firstLanguage();
let format = formats(language);
/** How far the visitor has come, for the line that says what is next. */
let progress: "look" | "react" | "behaviour" = "look";

const chapar = await connect();
const inbox = showInbox(chapar, () => format);
const cart = showCart(chapar, { format: () => format, onChange: () => go("behaviour"), say });

async function connect(): Promise<Chapar> {
  const { publicKey } = (await (await fetch("/demo/backend/shop")).json()) as { publicKey: string };
  return new Chapar(
    { url: location.origin, publicKey },
    {
      realtime: true,
      webpush: { enabled: true },
      serviceWorker: { path: "/sdk/chapar-worker.js", scope: "/demo/" },
    },
  );
}

function go(where: typeof progress): void {
  progress = where;
  showWelcome();
}

function say(text: string): void {
  const toast = byId("toast");
  toast.textContent = text;
  toast.hidden = false;
  // Its animation ends where it is gone again.
  toast.getAnimations().forEach((animation) => {
    animation.cancel();
    animation.play();
  });
}
byId("toast").addEventListener("animationend", () => {
  byId("toast").hidden = true;
});

function showAll(): void {
  const { text } = format;
  document.documentElement.lang = language;
  document.documentElement.dir = language === "fa" ? "rtl" : "ltr";
  document.title = text.brand;
  const said: Record<string, string> = {
    ...{ brand: text.brand, language: text.otherLanguage, "name-label": text.yourName },
    ...{ "login-button": text.logIn, logout: text.logOut, "next-label": text.next },
    ...{ "products-title": text.products, "cart-title": text.cart, "cart-empty": text.cartEmpty },
    ...{ buy: text.buy, "inbox-title": text.inbox, "inbox-empty": text.inboxEmpty },
    ...{ "seen-all": text.seenAll, "push-label": text.push, "push-hint": text.pushHint },
  };
  for (const [id, words] of Object.entries(said)) byId(id).textContent = words;
  for (const [id, words] of Object.entries({ bell: text.inbox, basket: text.cart }))
    byId(id).setAttribute("aria-label", words);
  for (const id of ["cart-close", "inbox-close"]) byId(id).setAttribute("aria-label", text.close);
  byId("products").replaceChildren(...products.map(showProduct));
  showWelcome();
  showState();
  inbox.show();
  cart.show();
}

function showProduct(product: Product): HTMLElement {
  const { text, price } = format;
  const frame = make("div", { class: "picture" }, picture(product.shapes));
  frame.style.background = product.tint;
  return make(
    "li",
    { class: "product" },
    frame,
    make("h3", {}, product.name[language]),
    make("p", { class: "price" }, price(product)),
    make("button", { type: "button", click: () => cart.add(product) }, text.add),
  );
}

function showWelcome(): void {
  const { text } = format;
  const name = chapar.isLoggedIn() ? (chapar.getUserId() ?? "") : null;
  byId("greeting").textContent = name === null ? text.greeting : text.greetingTo(name);
  byId("login").hidden = name !== null;
  byId("logout").hidden = name === null;
  byId("next").textContent = nextStep(name);
}

function nextStep(name: string | null): string {
  const { text } = format;
  if (name === null) return text.nextLogIn;
  if (progress === "look") return text.nextSend(name);
  return progress === "react" ? text.nextReact : text.nextBehaviour(name);
}

let state: "connected" | "connecting" | "disconnected" = "connecting";

function showState(): void {
  byId("state").textContent = format.text[state];
  byId("dot").dataset.state = state;
}

function become(next: typeof state): void {
  state = next;
  showState();
}

function fail(text: string | null): void {
  byId("fault").hidden = text === null;
  byId("fault").textContent = text;
}

async function logIn(name: string): Promise<void> {
  // The shop's own server checks who it is, and signs it.
  const answer = await fetch("/demo/backend/login", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name }),
  });
  const { userId, userHash } = (await answer.json()) as { userId: string; userHash: string };
  await chapar.login(userId, userHash);
  chapar.setUserAttributes({ first_name: name });
}

/** On a phone, one sheet at a time over the page. */
function openSheet(id: "inbox" | "cart" | null): void {
  for (const [sheet, button] of [
    ["inbox", "bell"],
    ["cart", "basket"],
  ] as const) {
    byId(sheet).classList.toggle("open", sheet === id);
    byId(button).setAttribute("aria-expanded", String(sheet === id));
  }
}

byId("language").addEventListener("click", () => {
  language = language === "en" ? "fa" : "en";
  keepLanguage(language);
  format = formats(language);
  showAll();
});
byId("login").addEventListener("submit", (event) => {
  event.preventDefault();
  fail(null);
  const name = byId<HTMLInputElement>("name").value.trim();
  if (name) logIn(name).then(showAll, (error: Error) => fail(error.message));
});
byId("logout").addEventListener("click", () => {
  chapar.logout().then(
    () => {
      progress = "look";
      showAll();
    },
    (error: Error) => fail(error.message),
  );
});
byId("bell").addEventListener("click", () =>
  openSheet(byId("inbox").classList.contains("open") ? null : "inbox"),
);
byId("basket").addEventListener("click", () =>
  openSheet(byId("cart").classList.contains("open") ? null : "cart"),
);
byId("inbox-close").addEventListener("click", () => openSheet(null));
byId("cart-close").addEventListener("click", () => openSheet(null));

chapar.on("registered", showWelcome);
chapar.on("connecting", () => become("connecting"));
chapar.on("connected", () => become("connected"));
chapar.on("disconnected", () => become("disconnected"));
chapar.on("message", (message) => {
  say(message.notification?.title || message.content);
  inbox.show();
  go("react");
});
chapar.on("notificationOpened", () => {
  openSheet("inbox");
  inbox.show();
});
chapar.on("error", (error) => console.warn(error.message));
if (chapar.isConnected()) become("connected");
showAll();
