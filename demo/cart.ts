import type { Chapar } from "/sdk/chapar.js";
import { byId, make } from "./dom.ts";
import type { Formats } from "./language.ts";
import { type Product, products } from "./products.ts";

const kept = "shop-cart";

interface Options {
  format: () => Formats;
  onChange: () => void;
  say: (text: string) => void;
}

/** The cart, kept in the browser; what is put in and bought is tracked. */
export function showCart(chapar: Chapar, { format, onChange, say }: Options) {
  const counts = new Map<string, number>(JSON.parse(localStorage.getItem(kept) ?? "[]"));
  const lines = () => products.filter(({ id }) => counts.has(id));
  const language = () => (document.documentElement.lang === "fa" ? "fa" : "en");
  const isInTomans = () => language() === "fa";

  function total() {
    const sum = { euros: 0, tomans: 0 };
    for (const { id, euros, tomans } of lines()) {
      sum.euros += euros * (counts.get(id) ?? 0);
      sum.tomans += tomans * (counts.get(id) ?? 0);
    }
    return sum;
  }

  function change(): void {
    localStorage.setItem(kept, JSON.stringify([...counts]));
    show();
  }

  function add(product: Product): void {
    counts.set(product.id, (counts.get(product.id) ?? 0) + 1);
    const { id, euros } = product;
    chapar.track("add_to_cart", { product: id, name: product.name.en, value: euros });
    say(format().text.added(product.name[language()]));
    change();
    onChange();
  }

  function show(): void {
    const { text, number, price } = format();
    const inCart = lines();
    const items = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const badge = byId("items");
    badge.hidden = items === 0;
    badge.textContent = number(items);
    byId("cart-empty").hidden = items > 0;
    byId("cart-foot").hidden = items === 0;
    byId("total").textContent = `${text.total}: ${price(total())}`;
    byId("lines").replaceChildren(
      ...inCart.map((product) => {
        const name = product.name[language()];
        const takeOut = () => {
          counts.delete(product.id);
          change();
        };
        return make(
          "li",
          {},
          make("span", {}, `${number(counts.get(product.id) ?? 0)} × ${name}`),
          make("span", { class: "price" }, price(product)),
          make(
            "button",
            { type: "button", class: "close", "aria-label": text.remove(name), click: takeOut },
            "×",
          ),
        );
      }),
    );
  }

  byId("buy").addEventListener("click", () => {
    const { euros, tomans } = total();
    const money = isInTomans()
      ? { revenue: tomans * 10, currency: "RIAL" }
      : { revenue: euros, currency: "EUR" };
    chapar.trackPurchase("purchase", { ...money, data: { products: lines().map(({ id }) => id) } });
    counts.clear();
    say(format().text.bought);
    change();
    onChange();
  });
  return { add, show };
}
