import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { asProblem } from "./api/problem.ts";
import { createPanelRouter } from "./routes.tsx";
import { LanguageProvider, useLanguage, useWords } from "./ui/language.tsx";
import { nonce } from "./ui/nonce.ts";
import { readableColors, themeFor } from "./ui/theme.ts";

/** Repeats what may have been bad luck; a refusal stays one. */
function isWorthRepeating(failures: number, error: Error): boolean {
  const { code, status } = asProblem(error);
  return failures < 2 && (code === "unreachable" || status >= 500);
}

function Themed() {
  const { language } = useLanguage();
  const { strings } = useWords();
  const theme = useMemo(() => themeFor(language, strings), [language, strings]);
  const [queries] = useState(
    () =>
      new QueryClient({
        defaultOptions: { queries: { retry: isWorthRepeating, staleTime: 2000, refetchOnWindowFocus: true } },
      }),
  );
  const [router] = useState(() => createPanelRouter(queries));
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={readableColors}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <Notifications position="bottom-center" limit={3} />
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}

/** The whole panel. */
export function App() {
  return (
    <LanguageProvider>
      <Themed />
    </LanguageProvider>
  );
}
