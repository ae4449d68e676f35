import type { MessagePort } from "node:worker_threads";

export interface BridgeData {
  readonly port: MessagePort;
  /** Counts messages to the engine; it waits on it. */
  readonly signal: SharedArrayBuffer;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** How long one answer may take before the process is ended. */
  readonly timeoutMs: number;
}

export type ToBridge = { readonly kind: "line"; readonly line: string } | { readonly kind: "end" };

export type FromBridge =
  | { readonly kind: "line"; readonly line: string }
  | { readonly kind: "exit"; readonly code: number | null; readonly why: string };
