import type { DigestAlgorithm, Transfer } from "../../plugin/index.ts";
import type { DeviceCommands } from "./device-commands.ts";
import type { RemoteFiles } from "./remote-files.ts";

/** What carrying one file needs, whatever its direction. */
export interface Carrying {
  readonly device: string;
  readonly remote: RemoteFiles;
  readonly commands: DeviceCommands;
  readonly overwrite: Transfer["overwrite"];
  readonly checksum: Transfer["checksum"];
  /** Told of bytes that need not move any more, or have to move again (negative). */
  readonly advance: (bytes: number) => void;
}

/** How one file went. */
export interface FileOutcome {
  readonly bytes: number;
  readonly sha256?: string;
  readonly deviceDigest?: { readonly algorithm: DigestAlgorithm; readonly hex: string };
  readonly verified?: DigestAlgorithm | "size";
  readonly resumedBytes?: number;
  readonly skipped?: string;
  readonly notes: readonly string[];
}
