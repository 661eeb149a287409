import { EventValue } from "./EventValue.tsx";
import { PlaceValue } from "./PlaceValue.tsx";
import { PlainValue } from "./PlainValue.tsx";
import { SpanValue } from "./SpanValue.tsx";
import type { ValueProps } from "./valueProps.ts";
import type { Control } from "./values.ts";

/** What a field is compared with: as many values of such a kind as the operator takes. */
export function ValueEditor({ control, ...props }: ValueProps & { control: Control }) {
  switch (control.shape) {
    case "span":
      return <SpanValue {...props} />;
    case "place":
      return <PlaceValue {...props} />;
    case "event":
      return <EventValue {...props} />;
    default:
      return <PlainValue control={control} {...props} />;
  }
}
