import {
  IconBrandAndroid,
  IconBrandApple,
  IconBrandWindows,
  IconDevices,
  IconWorld,
  type TablerIcon,
} from "@tabler/icons-react";
import type { DeviceType } from "../../../server/installations/schema.ts";

export const platformIcons = {
  android: IconBrandAndroid,
  ios: IconBrandApple,
  web: IconWorld,
  windows: IconBrandWindows,
  other: IconDevices,
} satisfies Record<DeviceType, TablerIcon>;
