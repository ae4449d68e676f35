/** How eAPI is reached: over what, on which port, and how the user is known. */
interface TransportRow {
  readonly protocol: "https" | "http";
  readonly port: number;
  readonly authentication: "basic" | "session" | "none";
  /** Reached only on the device itself: through a UNIX socket or its loopback address. */
  readonly local?: "socket" | "loopback";
  readonly path: string;
  readonly clientCertificate?: boolean;
}

const API = "/command-api";

/** pyeapi's transports. */
export const TRANSPORTS = {
  https: { protocol: "https", port: 443, authentication: "basic", path: API },
  https_certs: { protocol: "https", port: 443, authentication: "none", path: API, clientCertificate: true },
  https_session: { protocol: "https", port: 443, authentication: "session", path: API },
  http: { protocol: "http", port: 80, authentication: "basic", path: API },
  http_session: { protocol: "http", port: 80, authentication: "session", path: API },
  http_local: { protocol: "http", port: 8080, authentication: "none", path: API, local: "loopback" },
  socket: {
    protocol: "http",
    port: 80,
    authentication: "none",
    path: "/var/run/command-api.sock",
    local: "socket",
  },
} as const satisfies Record<string, TransportRow>;

export type TransportName = keyof typeof TRANSPORTS;

/** One transport's row. */
export function transportOf(name: TransportName): TransportRow {
  return TRANSPORTS[name];
}
