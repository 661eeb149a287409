/** What the shop says; in English and in Persian. */
export interface Strings {
  brand: string;
  otherLanguage: string;
  greeting: string;
  greetingTo: (name: string) => string;
  yourName: string;
  logIn: string;
  logOut: string;
  next: string;
  nextLogIn: string;
  nextSend: (name: string) => string;
  nextReact: string;
  nextBehaviour: (name: string) => string;
  connected: string;
  connecting: string;
  disconnected: string;
  products: string;
  add: string;
  added: (name: string) => string;
  cart: string;
  cartEmpty: string;
  total: string;
  buy: string;
  bought: string;
  inbox: string;
  inboxEmpty: string;
  seen: string;
  seenAll: string;
  open: string;
  dismiss: string;
  close: string;
  push: string;
  pushHint: string;
  pushDenied: string;
  pushUnavailable: string;
  remove: (name: string) => string;
}

export const strings: Record<"en" | "fa", Strings> = {
  en: {
    brand: "Bazaarche",
    otherLanguage: "فارسی",
    greeting: "Good things for the tea table",
    greetingTo: (name) => `Welcome, ${name}`,
    yourName: "Your name",
    logIn: "Log in",
    logOut: "Log out",
    next: "Next:",
    nextLogIn: "log in with any name, as a customer would.",
    nextSend: (name) =>
      `open the panel and send an inbox campaign to the user “${name}”. It arrives here while you look.`,
    nextReact: "open the message or mark it as seen, and watch the numbers of the campaign in the panel.",
    nextBehaviour: (name) => `look at what ${name} did, under Users and Behaviours in the panel.`,
    connected: "Live",
    connecting: "Connecting …",
    disconnected: "Offline. What you do is kept, and sent later",
    products: "This week",
    add: "Add to cart",
    added: (name) => `${name} is in the cart`,
    cart: "Cart",
    cartEmpty: "Nothing in it yet.",
    total: "Total",
    buy: "Buy",
    bought: "Thank you! Your order is on its way",
    inbox: "Inbox",
    inboxEmpty: "Messages of the shop come here.",
    seen: "Mark as seen",
    seenAll: "Mark all as seen",
    open: "Open",
    dismiss: "Dismiss",
    close: "Close",
    push: "Notifications",
    pushHint: "Also when the shop is closed",
    pushDenied: "Your browser blocks notifications of this site.",
    pushUnavailable: "This browser has no push service here.",
    remove: (name) => `Take ${name} out`,
  },
  fa: {
    brand: "بازارچه",
    otherLanguage: "English",
    greeting: "چیزهای خوب برای سفرهٔ چای",
    greetingTo: (name) => `خوش آمدید، ${name}`,
    yourName: "نام شما",
    logIn: "ورود",
    logOut: "خروج",
    next: "گام بعدی:",
    nextLogIn: "مثل یک مشتری، با هر نامی که می‌خواهید وارد شوید.",
    nextSend: (name) =>
      `پنل را باز کنید و برای کاربر «${name}» یک کمپین صندوق پیام بفرستید. همین‌جا، جلوی چشمتان می‌رسد.`,
    nextReact: "پیام را باز کنید یا خوانده‌شده علامت بزنید و آمار کمپین را در پنل ببینید.",
    nextBehaviour: (name) => `در پنل، بخش کاربران و رفتارها، ببینید ${name} چه کرده است.`,
    connected: "زنده",
    connecting: "در حال اتصال …",
    disconnected: "آفلاین. کارهای شما نگه داشته و بعداً فرستاده می‌شود",
    products: "این هفته",
    add: "افزودن به سبد",
    added: (name) => `${name} در سبد است`,
    cart: "سبد خرید",
    cartEmpty: "هنوز چیزی در سبد نیست.",
    total: "جمع",
    buy: "خرید",
    bought: "سپاس! سفارش شما در راه است",
    inbox: "صندوق پیام",
    inboxEmpty: "پیام‌های فروشگاه اینجا می‌آید.",
    seen: "خواندم",
    seenAll: "همه را خواندم",
    open: "باز کردن",
    dismiss: "نادیده گرفتن",
    close: "بستن",
    push: "اعلان‌ها",
    pushHint: "حتی وقتی فروشگاه بسته است",
    pushDenied: "مرورگر شما اعلان‌های این سایت را بسته است.",
    pushUnavailable: "این مرورگر اینجا سرویس اعلان ندارد.",
    remove: (name) => `برداشتن ${name}`,
  },
};
