/** Of fields for machines: left to right, and no help with words. */
export const machine = { input: { dir: "ltr", spellCheck: false, autoCapitalize: "off" } } as const;
