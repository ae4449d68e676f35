import { transferErrors } from "../../errors/transfer.ts";
import type { Content } from "../../plugin/index.ts";
import type { Carrying, FileOutcome } from "./carrying.ts";
import type { DeviceCommands } from "./device-commands.ts";
import type { RemoteFiles } from "./remote-files.ts";

/** Bytes before the end of what is there that must be the same before a transfer goes on from it. */
const TAIL_BYTES = 64 * 1024;

/** Whether the end of what is there of a file, up to `end`, is as at the other side. */
export async function sameTail(
  path: string,
  content: Content,
  end: number,
  remote: RemoteFiles,
): Promise<boolean> {
  const from = Math.max(0, end - TAIL_BYTES);
  const theirs: Uint8Array[] = [];
  await remote.read(path, { from, to: end }, (data) => {
    theirs.push(Buffer.from(data));
    return Promise.resolve();
  });
  const ours = Buffer.alloc(end - from);
  const read = await content.read(ours, from);
  return ours.subarray(0, read).equals(Buffer.concat(theirs));
}

/** Compares the ends of a transfer. @throws ChecksumMismatch */
export async function verify(
  path: string,
  content: Content,
  { device, remote, commands, checksum }: Carrying,
): Promise<Pick<FileOutcome, "verified" | "deviceDigest">> {
  const theirs = checksum === "Auto" ? await commands.checksum(path, content.size) : undefined;
  if (theirs) {
    const { algorithm, hex } = theirs;
    const here = await content.digest(algorithm);
    if (here === hex) return { verified: algorithm, deviceDigest: theirs };
    throw transferErrors.ChecksumMismatch({ device, path, algorithm, here, there: hex });
  }
  const seen = await remote.look(path);
  // Without a question for it: the protocol itself counts the bytes.
  if (seen === "unknown") return { verified: "size" };
  const there = seen === "missing" ? "nothing" : `${seen.size}`;
  if (there === `${content.size}`) return { verified: "size" };
  throw transferErrors.ChecksumMismatch({
    device,
    path,
    algorithm: "the size",
    here: `${content.size}`,
    there,
  });
}

/** Whether both ends have the same already; undefined: the device cannot tell. */
export async function isSame(
  path: string,
  size: number,
  content: Content,
  commands: DeviceCommands,
): Promise<boolean | undefined> {
  if (size !== content.size) return false;
  const theirs = await commands.checksum(path, size);
  return theirs && theirs.hex === (await content.digest(theirs.algorithm));
}

export const UNTOLD = "the device has no way to compare digests: the sizes are the same";
