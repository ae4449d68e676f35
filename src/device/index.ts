/**
 * What driver plugins share, imported as `netpulse/device`: ways to a device and conversations with its command line.
 *
 * @module
 */
export type { ExecChannel, ExecOptions, OutputStream, ProgramExit } from "./exec-channel.ts";
export { type Exchange, ExpectChannel, type ExpectOptions, type Reply, type Verdict } from "./expect.ts";
export { fingerprint, isKnown } from "./host-key.ts";
export { HttpClient, type HttpLimits, type HttpReply, type HttpRequest, type HttpTarget } from "./https.ts";
export { type HttpAuthentication, HttpLogin } from "./https-login.ts";
export type { CertificateTrust } from "./https-trust.ts";
export { type JsonRpcCall, JsonRpcClient, JsonRpcError } from "./json-rpc.ts";
export type { LoginManner } from "./login-answers.ts";
export { LoginGate, type LoginLimits, type LoginRequest, usualLimits } from "./login-gate.ts";
export {
  connectNetconf,
  NetconfClient,
  type NetconfOptions,
  type Notification,
  type RpcError,
  type RpcOptions,
  RpcRefusedError,
  type RpcReply,
} from "./netconf/index.ts";
export { CodeLedger, type CodeRequest, type CodeTurn, codeLedger } from "./one-time-password/code-ledger.ts";
export { type Hop, openRoute, type Route } from "./route.ts";
export { Redactor, type SessionLog, sessionLog } from "./session-log.ts";
export { connectSsh, type SshConnection, type SshLimits, type SshTarget } from "./ssh.ts";
export { type AlgorithmPreset, algorithms } from "./ssh-algorithms.ts";
export {
  newSshLogins,
  type SshArguments,
  SshLogin,
  type SshLogins,
  type SshPeculiarities,
  sshArgumentTypes,
} from "./ssh-login.ts";
export { PresetMemory } from "./ssh-preset.ts";
export { connectTelnet, type TelnetTarget, TelnetTransport } from "./telnet.ts";
export { normalizeLineEnds, stripAnsi, TerminalText } from "./terminal-text.ts";
export {
  type FileCommands,
  fileCommandsSchema,
  noFileCommands,
  posixFileCommands,
  type TransferPeer,
  transferFiles,
} from "./transfer/index.ts";
export type { Transport } from "./transport.ts";
export { element, parseXml, writeXml, XmlElement, XmlSyntaxError } from "./xml/index.ts";
