import { Badge } from "@mantine/core";
import type { Webhook } from "../../../server/webhooks/schema.ts";
import { useWords } from "../../ui/language.tsx";

/** Whether a webhook is told what happens. */
export function WebhookState({ webhook }: { webhook: Webhook }) {
  const { strings } = useWords();
  const texts = strings.webhooks.states;
  const [text, color] = !webhook.isActive
    ? webhook.pauseReason === null
      ? [texts.off, "gray"]
      : [texts.paused, "red"]
    : webhook.failingSince === null
      ? [texts.on, "green"]
      : [texts.failing, "orange"];
  return (
    <Badge variant="light" color={color}>
      {text}
    </Badge>
  );
}
