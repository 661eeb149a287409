import type { Chapar } from "../../../sdk/src/index.ts";
import type { KeyValueStorage } from "../../../sdk/src/types.ts";
import type { SampleDevice } from "../../../server/sample/schema.ts";

/** As the server serves it to every page; the panel has no copy of its own. */
const sdkPath = "/sdk/chapar.js";

/** Makes this browser a device of the user, by the SDK that customers put into their pages. */
export async function connectDevice({ publicKey, userId, userHash }: SampleDevice): Promise<Chapar> {
  const sdk = (await import(/* @vite-ignore */ sdkPath)) as typeof import("../../../sdk/src/index.ts");
  const chapar = new sdk.Chapar(
    { url: window.location.origin, publicKey },
    { realtime: true, storage: ownStorage(`chapar.try.${publicKey}.`) },
  );
  await chapar.register();
  if (chapar.getUserId() !== userId) await chapar.login(userId, userHash);
  return chapar;
}

/** A part of localStorage: the demo shop has its device at the same address. */
function ownStorage(prefix: string, storage: KeyValueStorage = localStorage): KeyValueStorage {
  const own = () =>
    Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? "").filter((key) =>
      key.startsWith(prefix),
    );
  return {
    get length() {
      return own().length;
    },
    key: (index) => own()[index]?.slice(prefix.length) ?? null,
    getItem: (key) => storage.getItem(prefix + key),
    setItem: (key, value) => storage.setItem(prefix + key, value),
    removeItem: (key) => storage.removeItem(prefix + key),
  };
}
