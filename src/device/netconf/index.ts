export type { Capabilities } from "./capabilities.ts";
export { NetconfClient } from "./client.ts";
export { connectNetconf, NETCONF_PORT } from "./connect.ts";
export type { Framing } from "./framing.ts";
export type { ProtocolVersion } from "./hello.ts";
export type { Notification } from "./notifications.ts";
export type {
  CommitOptions,
  Datastore,
  EditConfigOptions,
  Filter,
  GetConfigOptions,
  GetOptions,
  SubscriptionOptions,
  XmlSource,
} from "./operations.ts";
export { type RpcError, RpcRefusedError } from "./rpc-error.ts";
export type { NetconfOptions, NetconfSession, RpcOptions, RpcReply } from "./session.ts";
