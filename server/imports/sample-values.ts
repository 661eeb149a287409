/** A device as OneSignal writes it; `model` is quoted for CSV where it needs to be. */
export interface Device {
  /** OneSignal's device_type code. */
  readonly type: number;
  readonly os: string;
  readonly model: string;
}

export type DeviceKind = "android" | "ios" | "web" | "windows" | "huawei";

/** Shares in tenths: 55 % Android, 25 % iOS, 10 % browsers, 5 % Windows, 5 % Huawei. */
export const deviceMix: readonly DeviceKind[] = [
  ...Array<DeviceKind>(11).fill("android"),
  ...Array<DeviceKind>(5).fill("ios"),
  ...Array<DeviceKind>(2).fill("web"),
  "windows",
  "huawei",
];

/** Real models. Apple's hold commas, so quoting matters. */
export const devices: Readonly<Record<DeviceKind, readonly Device[]>> = {
  android: [
    { type: 1, os: "14", model: "SM-S918B" },
    { type: 1, os: "13", model: "SM-G991B" },
    { type: 1, os: "12", model: "SM-A525F" },
    { type: 1, os: "11", model: "SM-A127F" },
    { type: 1, os: "14", model: "Pixel 8 Pro" },
    { type: 1, os: "13", model: "Pixel 6a" },
    { type: 1, os: "13", model: "Redmi Note 12" },
    { type: 1, os: "12", model: "M2101K6G" },
    { type: 1, os: "11", model: "POCO X3 Pro" },
    { type: 1, os: "10", model: "moto g(8) power" },
    { type: 1, os: "14", model: "CPH2581" },
  ],
  ios: [
    { type: 0, os: "17.4", model: '"iPhone15,2"' },
    { type: 0, os: "17.5.1", model: '"iPhone16,1"' },
    { type: 0, os: "16.7", model: '"iPhone14,5"' },
    { type: 0, os: "15.8.2", model: '"iPhone12,1"' },
    { type: 0, os: "17.4", model: '"iPad13,18"' },
    { type: 0, os: "18.1", model: '"iPhone17,3"' },
  ],
  web: [
    { type: 5, os: "126", model: "Linux x86_64" },
    { type: 5, os: "131", model: "Win32" },
    { type: 5, os: "130", model: "MacIntel" },
    { type: 8, os: "128", model: "Win32" },
    { type: 8, os: "132", model: '"Linux, x86_64"' },
  ],
  windows: [
    { type: 6, os: "10.0.19045", model: "Surface Pro 9" },
    { type: 6, os: "10.0.22631", model: '"Dell Inc., XPS 13"' },
  ],
  huawei: [
    { type: 13, os: "12", model: "ANA-NX9" },
    { type: 13, os: "10", model: "JNY-LX1" },
    { type: 13, os: "12", model: "NOH-NX9" },
  ],
};

export const persianFirstNames: readonly string[] = [
  "مریم",
  "زهرا",
  "فاطمه",
  "سارا",
  "نگار",
  "شیرین",
  "پریسا",
  "الهام",
  "علی",
  "محمد",
  "رضا",
  "امیر",
  "حسین",
  "آرش",
  "کاوه",
  "بهرام",
  "سینا",
  "پویا",
];

export const firstNames: readonly string[] = [
  "Anna",
  "James",
  "Maria",
  "David",
  "Sophie",
  "Lucas",
  "Emma",
  "Omar",
  "Elif",
  "Noah",
  "Olivia",
  "Chloé",
  "José",
  "Zoë",
];

export const languages: readonly string[] = ["en", "en", "de", "fr", "tr", "ar", "es"];

/** Mobile numbers: `prefix` and so many digits. The first is Iran's, the others are from the world. */
export const phonePlans: readonly { readonly prefix: string; readonly digits: number }[] = [
  { prefix: "+98912", digits: 7 },
  { prefix: "+4474", digits: 8 },
  { prefix: "+49151", digits: 8 },
  { prefix: "+97150", digits: 7 },
  { prefix: "+90532", digits: 7 },
  { prefix: "+336", digits: 8 },
  { prefix: "+34612", digits: 6 },
];
