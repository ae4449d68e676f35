import { NetPulseError } from "../../errors/define.ts";
import { transferErrors } from "../../errors/transfer.ts";
import type { Content } from "../../plugin/index.ts";
import type { Carrying, FileOutcome } from "./carrying.ts";
import { isSame, sameTail, UNTOLD, verify } from "./comparison.ts";
import type { RemoteEntry } from "./remote-files.ts";
import { arrivalPath, below, folderOf, isArrivalOf, splitPath } from "./remote-path.ts";

const USUAL_MODE = 0o644;

/**
 * Puts one file. Where the device can rename, it arrives under a name of its own, is checked there, and takes the place of the old file at
 * once: whenever it is cut, the old file or the complete new one is there.
 */
export async function putFile(
  wanted: string,
  content: Content,
  mode: number | undefined,
  tools: Carrying,
): Promise<FileOutcome> {
  const { remote, device } = tools;
  const path = await remote.resolve(wanted);
  const present = await remote.look(path);
  const old = typeof present === "object" ? present : undefined;
  if (old && old.kind !== "file") {
    const why = old.kind === "folder" ? "is a folder: name the file in it as well" : "is not a file";
    throw transferErrors.RemotePathUnusable({ device, path, why });
  }
  const notes: string[] = [];
  const skipped = old && (await reasonToSkip(path, old, content, tools, notes));
  const sha256 = await content.digest("sha256");
  if (skipped !== undefined) {
    tools.advance(content.size);
    return { bytes: content.size, sha256, skipped, notes };
  }
  const bits = mode ?? old?.mode ?? USUAL_MODE;
  const done = remote.replaces
    ? await arriveAside(path, content, bits, old, tools, notes)
    : await arriveInPlace(path, content, bits, tools, notes);
  if (done.verified === "size" && tools.checksum === "Auto") notes.push(UNTOLD);
  return { ...done, bytes: content.size, sha256, notes };
}

async function reasonToSkip(
  path: string,
  old: RemoteEntry,
  content: Content,
  { overwrite, commands }: Carrying,
  notes: string[],
): Promise<string | undefined> {
  if (overwrite === "Never") return "it is there already";
  if (overwrite !== "IfDifferent") return undefined;
  const same = await isSame(path, old.size, content, commands);
  if (same === undefined) notes.push("the device cannot tell whether the file is the same: it was put again");
  return same ? "the device has the same already" : undefined;
}

type Arrival = Pick<FileOutcome, "verified" | "deviceDigest" | "resumedBytes">;

async function arriveAside(
  path: string,
  content: Content,
  mode: number,
  old: RemoteEntry | undefined,
  tools: Carrying,
  notes: string[],
): Promise<Arrival> {
  const { remote } = tools;
  const aside = await arrivalPath(path, content);
  await removeLeftovers(path, aside, tools);
  const from = await resumeFrom(aside, content, tools);
  await checkSpace(path, content.size - from, tools, notes);
  try {
    const proof = await arrive(aside, content, from, mode, tools);
    const unset = await remote.adopt(aside, mode, old?.owner);
    if (unset !== undefined) notes.push(unset);
    await remote.replace(aside, path);
    return { ...proof, ...(from > 0 && { resumedBytes: from }) };
  } catch (error) {
    throw await explained(error, path, content.size - from, aside, tools);
  }
}

/** Brings all bytes under a name and checks them; what went on from an earlier attempt and came out wrong begins anew, once. */
async function arrive(
  path: string,
  content: Content,
  from: number,
  mode: number,
  tools: Carrying,
): Promise<Pick<FileOutcome, "verified" | "deviceDigest">> {
  tools.advance(from);
  await tools.remote.write(path, content, from, mode);
  try {
    return await verify(path, content, tools);
  } catch (error) {
    if (!(error instanceof NetPulseError) || error.code !== "ChecksumMismatch") throw error;
    await tools.remote.remove(path);
    if (from === 0) throw error;
    tools.advance(-content.size);
    return arrive(path, content, 0, mode, tools);
  }
}

/** How much of the content an earlier attempt left, as far as that is certain. */
async function resumeFrom(aside: string, content: Content, { remote }: Carrying): Promise<number> {
  if (!remote.resumes) return 0;
  const left = await remote.look(aside);
  if (typeof left !== "object" || left.kind !== "file") return 0;
  const from = Math.min(left.size, content.size) - remote.unsureBytes;
  if (left.size > content.size || from <= 0) return 0;
  return (await sameTail(aside, content, from, remote)) ? from : 0;
}

/** Unfinished arrivals of other content for the same file: nobody will go on with them, and they take space. */
async function removeLeftovers(path: string, aside: string, { remote }: Carrying): Promise<void> {
  if (!remote.resumes) return;
  const { prefix, name } = splitPath(path);
  const own = splitPath(aside).name;
  // A folder may let files be put without showing what is in it.
  const there = await remote.list(folderOf(path)).catch(unlessRefused);
  for (const { name: found } of there ?? [])
    if (found !== own && isArrivalOf(name, found))
      await remote.remove(below(prefix, found)).catch(unlessRefused);
}

function unlessRefused(error: unknown): undefined {
  const refusals = ["RemotePermissionDenied", "RemoteFailure", "RemoteFileMissing"];
  if (!(error instanceof NetPulseError) || !refusals.includes(error.code)) throw error;
}

/** Straight to its name, where the device cannot rename: what is incomplete is deleted. */
async function arriveInPlace(
  path: string,
  content: Content,
  mode: number,
  tools: Carrying,
  notes: string[],
): Promise<Arrival> {
  await checkSpace(path, content.size, tools, notes);
  try {
    await tools.remote.write(path, content, 0, mode);
    return await verify(path, content, tools);
  } catch (error) {
    if (!(error instanceof NetPulseError) && !(error instanceof Error)) throw error;
    if (error instanceof NetPulseError && error.code === "TransferNotSupported") throw error;
    throw withRemainder(error, await deleted(path, tools));
  }
}

async function deleted(path: string, { remote }: Carrying): Promise<string> {
  try {
    await remote.remove(path);
    return "The device cannot rename, so the file was written under its own name: what had arrived was deleted.";
  } catch {
    return "The device cannot rename, so the file was written under its own name: an incomplete file may be there now.";
  }
}

function withRemainder(error: Error, remainder: string): Error {
  if (!(error instanceof NetPulseError)) return error;
  return new NetPulseError(error.code, `${error.message} ${remainder}`, error.retry, { cause: error });
}

async function checkSpace(path: string, bytes: number, tools: Carrying, notes: string[]): Promise<void> {
  const free = await freeBytes(path, tools);
  if (free === undefined) notes.push("the device did not say how much space is free");
  else if (free < bytes) throw noSpace(path, bytes, free, tools);
}

/** Undefined: neither the protocol nor the device tells. */
async function freeBytes(path: string, { remote, commands }: Carrying): Promise<number | undefined> {
  return (await remote.freeBytes(folderOf(path))) ?? commands.freeBytes(path);
}

/** In terms of the file itself. What nobody will go on with is removed; a server says only "failure" when its disk is full. */
async function explained(
  error: unknown,
  path: string,
  bytes: number,
  aside: string,
  tools: Carrying,
): Promise<unknown> {
  if (!(error instanceof NetPulseError) || error.retry !== "never") return error;
  const free = error.code === "RemoteFailure" && (await freeBytes(path, tools).catch(() => undefined));
  await tools.remote.remove(aside).catch(() => {});
  if (typeof free === "number" && free < Math.min(bytes, FULL_BYTES))
    return noSpace(path, bytes, free, tools);
  const message = error.message.replaceAll(aside, () => path);
  return new NetPulseError(error.code, message, error.retry, { cause: error });
}

/** A file system with less than a block of a transfer is full. */
const FULL_BYTES = 512 * 1024;

function noSpace(path: string, bytes: number, free: number, { device }: Carrying): Error {
  return transferErrors.NoSpace({ device, path, answer: `${bytes} bytes are needed, ${free} are free` });
}
