import mqtt from "mqtt";
import type { ConnectMqtt } from "./realtime.ts";

// Alone in its file, so that it is a chunk of its own, which only pages with realtime load.
export const connectMqtt: ConnectMqtt = (url, options) => mqtt.connect(url, options);
