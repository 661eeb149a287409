import type { Language } from "./language.ts";

export interface Product {
  id: string;
  name: Record<Language, string>;
  euros: number;
  tomans: number;
  /** Background of its picture. */
  tint: string;
  /** Shapes of the picture, in a box of 120 by 120. */
  shapes: readonly (readonly [tag: string, attributes: Record<string, string>])[];
}

const stroke = (colour: string, width = "5") => ({
  ...{ fill: "none", stroke: colour, "stroke-width": width, "stroke-linecap": "round" },
});

export const products: readonly Product[] = [
  {
    ...{ id: "teapot", euros: 34, tomans: 2_400_000, tint: "#dfe6f5" },
    name: { en: "Blue teapot", fa: "قوری آبی" },
    shapes: [
      ["path", { d: "M82 58c20-8 24 24-2 26", ...stroke("#2a4a9a", "6") }],
      ["path", { d: "M36 66 16 50", ...stroke("#2a4a9a", "9") }],
      ["ellipse", { cx: "59", cy: "72", rx: "29", ry: "26", fill: "#3558b4" }],
      ["path", { d: "M31 70q28 12 56 0", ...stroke("#f2d38b", "4") }],
      ["path", { d: "M40 50q19-16 38 0Z", fill: "#2a4a9a" }],
      ["circle", { cx: "59", cy: "38", r: "5", fill: "#f2d38b" }],
    ],
  },
  {
    ...{ id: "saffron", euros: 19, tomans: 1_350_000, tint: "#f6e3cf" },
    name: { en: "Saffron, 4 g", fa: "زعفران، ۴ گرم" },
    shapes: [
      ["rect", { x: "36", y: "40", width: "48", height: "58", rx: "10", fill: "#fffaf0" }],
      ["path", { d: "M46 88V66M54 90V58M62 88V64M70 90V60M76 88V70", ...stroke("#c2410c", "4") }],
      ["path", { d: "M46 66l-3-5M54 58l3-5M62 64l-3-6M70 60l4-5", ...stroke("#e2762b", "3.5") }],
      ["rect", { x: "38", y: "26", width: "44", height: "16", rx: "5", fill: "#a8431a" }],
    ],
  },
  {
    ...{ id: "pomegranate", euros: 8, tomans: 420_000, tint: "#f7dcdb" },
    name: { en: "Pomegranates, 1 kg", fa: "انار، ۱ کیلو" },
    shapes: [
      ["path", { d: "m50 34 4-14 6 8 6-8 4 14Z", fill: "#8f1d2c" }],
      ["circle", { cx: "60", cy: "67", r: "34", fill: "#b32a3b" }],
      ["path", { d: "M60 46c18 0 25 14 22 28-10-8-30-10-40-2-3-14 2-26 18-26", fill: "#f8e5d8" }],
      ...[
        ["50", "58"],
        ["60", "54"],
        ["70", "58"],
        ["55", "66"],
        ["66", "65"],
        ["76", "67"],
      ].map(
        ([cx, cy]) => ["circle", { cx, cy, r: "4.2", fill: "#c8324a" }] as [string, Record<string, string>],
      ),
    ],
  },
  {
    ...{ id: "rug", euros: 120, tomans: 8_900_000, tint: "#ece3d2" },
    name: { en: "Little rug", fa: "قالیچه" },
    shapes: [
      [
        "path",
        {
          d: "M34 20v-6M46 20v-6M60 20v-6M74 20v-6M86 20v-6M34 106v-6M46 106v-6M60 106v-6M74 106v-6M86 106v-6",
          ...stroke("#8a5a2b", "3"),
        },
      ],
      ["rect", { x: "28", y: "18", width: "64", height: "84", rx: "3", fill: "#8f2436" }],
      ["rect", { x: "34", y: "24", width: "52", height: "72", ...stroke("#e8c27a", "2.5") }],
      ["path", { d: "M60 34 80 60 60 86 40 60Z", fill: "#1f3a7a" }],
      ["path", { d: "M60 46 71 60 60 74 49 60Z", fill: "#e8c27a" }],
      ["circle", { cx: "60", cy: "60", r: "4", fill: "#8f2436" }],
    ],
  },
  {
    ...{ id: "lantern", euros: 27, tomans: 1_900_000, tint: "#dcebe4" },
    name: { en: "Copper lantern", fa: "فانوس مسی" },
    shapes: [
      ["path", { d: "M50 26a10 10 0 0 1 20 0", ...stroke("#8a4b22", "4") }],
      ["path", { d: "M44 40 60 24l16 16Z", fill: "#b5652e" }],
      ["path", { d: "M42 42h36l6 44H36Z", fill: "#f7c66b" }],
      ["path", { d: "M42 42 36 86M60 42v44M78 42l6 44M39 64h42", ...stroke("#8a4b22", "3.5") }],
      ["rect", { x: "32", y: "86", width: "56", height: "10", rx: "4", fill: "#b5652e" }],
    ],
  },
  {
    ...{ id: "gaz", euros: 12, tomans: 780_000, tint: "#efe6f3" },
    name: { en: "Nougat of Isfahan", fa: "گز اصفهان" },
    shapes: [
      ["rect", { x: "24", y: "56", width: "72", height: "40", rx: "6", fill: "#6d3f86" }],
      ["path", { d: "M24 70h72", ...stroke("#e8c27a", "3") }],
      ["rect", { x: "32", y: "36", width: "26", height: "24", rx: "8", fill: "#fbf4e6" }],
      ["rect", { x: "62", y: "32", width: "26", height: "28", rx: "8", fill: "#fff9ee" }],
      ["path", { d: "m40 44 5 4M70 40l5 5M80 46l-4 6M48 52l3-4", ...stroke("#7d9b4b", "4") }],
    ],
  },
];
