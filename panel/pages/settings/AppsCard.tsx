import { Divider, Stack } from "@mantine/core";
import type { Settings } from "../../../server/accounts/settings-schema.ts";
import { Card } from "../../ui/Card.tsx";
import { PublicEvents } from "./PublicEvents.tsx";
import { PublicKeys } from "./PublicKeys.tsx";
import { UserHash } from "./UserHash.tsx";

/** What apps and pages call with, how they prove who logs in, and which events all of them may hear. */
export function AppsCard({ settings }: { settings: Settings }) {
  return (
    <Card>
      <Stack gap="lg">
        <PublicKeys />
        <Divider />
        <UserHash isRequired={settings.requiresUserHash} />
        <Divider />
        <PublicEvents saved={settings.publicEvents} />
      </Stack>
    </Card>
  );
}
