import { ApiClient } from "../client.ts";
import type { Credentials } from "../credentials.ts";
import { defineResource } from "../objects.ts";
import type { TransportOptions } from "../transport.ts";
import type { FakeApiServer, Widget } from "./fake-api-server.ts";

/** A kind for tests. */
export const widgets = defineResource<Widget>({
  group: "example.com",
  version: "v1",
  kind: "Widget",
  plural: "widgets",
  namespaced: true,
});

/** Credentials without a secret, for plain http. */
export function anonymous(server: string): Credentials {
  const identity = { headers: [], tls: {} };
  return { server, current: () => identity, refresh: () => Promise.resolve(identity) };
}

export function clientOf(server: FakeApiServer, options: TransportOptions = {}): ApiClient {
  return new ApiClient(anonymous(server.url), options);
}
