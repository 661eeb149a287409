/** What a role answers with when it is ready; also what the process supervisor needs to start it again alike. */
export interface Ready {
  readonly url: string;
  readonly port: number;
  readonly mqttPort: number | null;
  readonly mqttUrl: string | null;
  /** Sentences for the operator, such as "Port 8080 is taken, using 38211". */
  readonly notes: readonly string[];
}

export type Role = "api" | "worker";

/** From a role to its supervisor. `failed` is one line with the cure; the process ends after it. */
export type FromRole = ({ readonly ready: true } & Ready) | { readonly failed: string };

/** From the supervisor to a role. */
export interface ToRole {
  readonly stop: true;
}
