export { Capabilities } from "./capabilities.ts";
export { NetconfClient } from "./client.ts";
export { connectNetconf, NETCONF_PORT } from "./connect.ts";
export type { Framing } from "./framing.ts";
export type { ProtocolVersion } from "./hello.ts";
export type { Notification } from "./notifications.ts";
export {
  type CommitOptions,
  type Datastore,
  type EditConfigOptions,
  type Filter,
  type GetConfigOptions,
  type GetOptions,
  type Operation,
  operations,
  type SubscriptionOptions,
  type XmlSource,
} from "./operations.ts";
export { type RpcError, RpcRefusedError } from "./rpc-error.ts";
export { type NetconfOptions, NetconfSession, type RpcOptions, type RpcReply } from "./session.ts";
