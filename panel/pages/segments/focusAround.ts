import type { MouseEvent } from "react";

/** Before a rule or group goes: whoever removed it by keyboard goes on where the next one is added. */
export function focusAround(event: MouseEvent<HTMLElement>): void {
  const removed = event.currentTarget.closest("fieldset");
  const around = removed?.parentElement?.closest("fieldset");
  around?.querySelector<HTMLElement>(":scope > [data-add] button")?.focus();
}
