import {
  Badge,
  Button,
  type CSSVariablesResolver,
  createTheme,
  InputWrapper,
  Modal,
  PasswordInput,
  Select,
  Tooltip,
} from "@mantine/core";
import type { Strings } from "../strings/en.ts";
import type { Language } from "./format.ts";

const fonts: Record<Language, string> = {
  en: '"Inter Variable", "Vazirmatn Variable", system-ui, sans-serif',
  fa: '"Vazirmatn Variable", "Inter Variable", system-ui, sans-serif',
};

/** Mantine's theme in the panel's dress: one accent, dense sizes, the language's typeface, and its words for what Mantine says. */
export function themeFor(language: Language, { common }: Strings) {
  return createTheme({
    fontFamily: fonts[language],
    fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", Consolas, monospace',
    headings: { fontFamily: fonts[language], fontWeight: "620" },
    colors: {
      // Persian blue, from a wash to ink; shade 7 carries white text at 8:1.
      accent: [
        "#f0f3ff",
        "#e0e6fd",
        "#c3cdf8",
        "#9fb1f3",
        "#7d94ec",
        "#6079e4",
        "#4059d3",
        "#2a43b8",
        "#233893",
        "#1c2c70",
      ],
      dark: [
        "#d5d8df",
        "#aeb4c0",
        "#8a91a0",
        "#5f6675",
        "#3a404c",
        "#2b3039",
        "#1f232a",
        "#171a20",
        "#111318",
        "#0c0e12",
      ],
    },
    primaryColor: "accent",
    primaryShade: { light: 7, dark: 6 },
    defaultRadius: "md",
    cursorType: "pointer",
    respectReducedMotion: true,
    fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.25rem" },
    components: {
      Button: Button.extend({ defaultProps: { size: "sm" } }),
      Badge: Badge.extend({ styles: { root: { textTransform: "none", fontWeight: 500, letterSpacing: 0 } } }),
      InputWrapper: InputWrapper.extend({ styles: { label: { marginBlockEnd: "0.25rem" } } }),
      Modal: Modal.extend({ defaultProps: { centered: true, radius: "lg", padding: "lg" } }),
      PasswordInput: PasswordInput.extend({
        defaultProps: { visibilityToggleButtonProps: { "aria-label": common.showPassword } },
      }),
      Select: Select.extend({ defaultProps: { size: "sm", checkIconPosition: "right" } }),
      Tooltip: Tooltip.extend({ defaultProps: { openDelay: 300, withArrow: true } }),
    },
  });
}

/**
 * Small print on a wash of its own colour, where that of Mantine is too pale to be read (WCAG 1.4.3); in the dark, where
 * Mantine's washes glare and what deletes is as white as the rest.
 */
export const readableColors: CSSVariablesResolver = () => ({
  variables: {},
  dark: {
    "--mantine-color-gray-light": "#262b33",
    "--mantine-color-accent-light": "#1d2440",
    "--mantine-color-accent-light-color": "#c3cdf8",
    "--mantine-color-red-light": "#3b1c1f",
    "--mantine-color-red-light-color": "#ffa8a8",
    "--mantine-color-green-light": "#173522",
    "--mantine-color-yellow-light": "#3a2b10",
    "--mantine-color-orange-light": "#40240f",
    "--mantine-color-blue-light": "#15293f",
  },
  light: {
    "--mantine-color-green-light-color": "#1b6b2c",
    "--mantine-color-teal-light-color": "#066649",
    "--mantine-color-yellow-light-color": "#7a4a00",
    "--mantine-color-orange-light-color": "#9c3306",
    "--mantine-color-red-light-color": "#b02525",
    "--mantine-color-blue-light-color": "#15579c",
    "--mantine-color-gray-light-color": "#495057",
  },
});
