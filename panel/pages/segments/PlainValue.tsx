import { ListValue } from "./ListValue.tsx";
import { OneValue } from "./OneValue.tsx";
import { RangeValue } from "./RangeValue.tsx";
import type { ValueProps } from "./valueProps.ts";
import type { Control } from "./values.ts";

/** One value, two ends or several, as a list of conditions can have them, too. */
export function PlainValue({ control, ...props }: ValueProps & { control: Control }) {
  switch (control.shape) {
    case "range":
      return <RangeValue base={control.base} {...props} />;
    case "list":
      return <ListValue base={control.base} {...props} />;
    case "one":
      return <OneValue base={control.base} {...props} />;
    default:
      return null;
  }
}
