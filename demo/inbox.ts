import type { Chapar, InboxItem } from "/sdk/chapar.js";
import { byId, make } from "./dom.ts";
import type { Formats } from "./language.ts";

const shown = 20;

/** The messages of the shop, the bell that counts them, and the switch for notifications. */
export function showInbox(chapar: Chapar, format: () => Formats): { show(): void } {
  const pushSwitch = byId<HTMLInputElement>("push");

  async function load(): Promise<void> {
    const { data } = await chapar.inbox.list({ limit: shown });
    const messages = data.filter(({ dismissed }) => !dismissed);
    byId("messages").replaceChildren(...messages.map(item));
    byId("inbox-empty").hidden = messages.length > 0;
    const unread = messages.filter(isUnread);
    byId("inbox-foot").hidden = unread.length === 0;
    count(await chapar.inbox.unread());
    byId("seen-all").onclick = () => {
      chapar.markAsRead(unread.map(({ id }) => id));
      show();
    };
  }

  function item(message: InboxItem): HTMLElement {
    const { text, when } = format();
    const { id, content, notification, createdAt } = message;
    const title = notification?.title;
    const act = (work: () => void) => () => {
      work();
      show();
    };
    const buttons = [
      make("button", { type: "button", click: act(() => open(message)) }, text.open),
      ...(isUnread(message)
        ? [make("button", { type: "button", click: act(() => chapar.markAsRead(id)) }, text.seen)]
        : []),
      make("button", { type: "button", class: "quiet", click: act(() => chapar.dismiss(id)) }, text.dismiss),
    ];
    return make(
      "li",
      { class: isUnread(message) ? "unread" : "", dir: "auto" },
      make("time", {}, when(createdAt, Date.now())),
      ...(title ? [make("b", {}, title)] : []),
      make("p", {}, content),
      make("div", { class: "buttons" }, ...buttons),
    );
  }

  function open({ id, notification }: InboxItem): void {
    chapar.messageClicked(id);
    const address = notification?.clickUrl;
    if (address && /^https?:\/\//.test(address)) globalThis.open(address, "_blank", "noopener");
  }

  function count(unread: number): void {
    const badge = byId("unread");
    badge.hidden = unread === 0;
    badge.textContent = format().number(unread);
  }

  function show(): void {
    load().catch((error: Error) => console.warn(error.message));
    chapar.isPushEnabled().then(
      (isOn) => {
        pushSwitch.checked = isOn;
      },
      () => {},
    );
  }

  pushSwitch.addEventListener("change", () => {
    const wish = pushSwitch.checked ? chapar.enablePush() : chapar.disablePush();
    const hint = byId("push-hint");
    wish.then(
      () => {
        hint.textContent = format().text.pushHint;
      },
      (error: { code?: string; message: string }) => {
        pushSwitch.checked = false;
        const { text } = format();
        hint.textContent = error.code === "push_denied" ? text.pushDenied : text.pushUnavailable;
        console.warn(error.message);
      },
    );
  });
  return { show };
}

const isUnread = ({ state }: InboxItem): boolean => state !== "seen" && state !== "clicked";
