import type { FileContext } from "../../server/imports/formats/format.ts";
import { planOneSignal } from "../../server/imports/formats/onesignal.ts";
import { Failure } from "./run.ts";

/** How the product reads the rows of an export with this header; throws `Rejected` for a bad one. */
export function exportPlan(header: readonly string[], appId: string) {
  const context: FileContext = {
    appId,
    timeZone: "UTC",
    phone: { country: null, isStrict: false },
    erasesBlanks: false,
    isStrict: false,
    importTag: "import_2026-11-01",
    mapping: null,
    channel: null,
    attributeTypes: new Map(),
    remembered: null,
    onAttribute() {},
    warn() {},
  };
  const planned = planOneSignal(header, context);
  if (!planned.ok) throw new Failure(planned.faults.join(" "));
  return planned.plan.map;
}
