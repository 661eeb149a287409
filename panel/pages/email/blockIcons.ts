import {
  IconAlignLeft,
  IconArrowAutofitHeight,
  IconColumns2,
  IconHandClick,
  IconHeading,
  IconLayoutBottombar,
  IconPhoto,
  IconSeparatorHorizontal,
  type TablerIcon,
} from "@tabler/icons-react";
import type { BlockKind } from "./blocks.ts";

/** The sign of each kind of block. */
export const blockIcons: Record<BlockKind, TablerIcon> = {
  heading: IconHeading,
  text: IconAlignLeft,
  button: IconHandClick,
  image: IconPhoto,
  divider: IconSeparatorHorizontal,
  spacer: IconArrowAutofitHeight,
  columns: IconColumns2,
  footer: IconLayoutBottombar,
};
