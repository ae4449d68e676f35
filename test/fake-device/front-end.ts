import type { Socket } from "node:net";
import type { KeyInput } from "./key-input.ts";
import type { FakeDeviceOptions } from "./options.ts";

/** A byte stream to one client, behind SSH or Telnet. */
export interface ClientStream {
  readonly input: KeyInput;
  readonly write: (text: string) => void;
  readonly close: () => void;
}

/** Accepts sockets, does the login, and hands over one stream per session. */
export type FrontEnd = (
  options: FakeDeviceOptions,
  onSession: (stream: ClientStream) => void,
) => (socket: Socket) => void;
