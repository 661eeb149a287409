// Stand-ins for Firebase and Apple in a process of their own, as services elsewhere would be. Speaks with the bench by IPC.
import { startApnsStandIn } from "../../server/testing/stand-ins/apns.ts";
import { startFcmStandIn } from "../../server/testing/stand-ins/fcm.ts";
import type { PushStandIns } from "./push-stand-ins.ts";

const firebase = await startFcmStandIn();
const apple = await startApnsStandIn();
process.on("disconnect", () => process.exit(0));
process.send?.({
  fcm: { serviceAccount: firebase.serviceAccount, baseUrl: firebase.url, tokenUrl: firebase.tokenUrl },
  apns: { ...apple.credentials, baseUrl: apple.url },
} satisfies PushStandIns);
