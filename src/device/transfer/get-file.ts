import { NetPulseError } from "../../errors/define.ts";
import { transferErrors } from "../../errors/transfer.ts";
import type { FileSink } from "../../plugin/index.ts";
import type { Carrying, FileOutcome } from "./carrying.ts";
import { isSame, sameTail, UNTOLD, verify } from "./comparison.ts";
import type { RemoteEntry } from "./remote-files.ts";

/** Fetches one file. Nothing is seen under the sink's final name before all bytes are there and checked. */
export async function getFile(path: string, sink: FileSink, tools: Carrying): Promise<FileOutcome> {
  const { remote, device } = tools;
  const seen = await remote.look(path);
  if (seen === "missing") throw transferErrors.RemoteFileMissing({ device, path });
  const entry = seen === "unknown" ? undefined : seen;
  if (entry?.kind === "folder")
    throw transferErrors.RemotePathUnusable({ device, path, why: "is a folder: set recursive to fetch it" });

  const notes: string[] = [];
  const skipped = await reasonToSkip(path, entry, sink, tools, notes);
  if (skipped !== undefined) {
    tools.advance(entry?.size ?? 0);
    await sink.abandon(false);
    return { bytes: entry?.size ?? 0, skipped, notes };
  }
  try {
    const done = await receive(path, entry, sink, tools, notes);
    await sink.commit();
    if (done.verified === "size" && tools.checksum === "Auto" && notes.length === 0) notes.push(UNTOLD);
    return { ...done, notes };
  } catch (error) {
    const useless = error instanceof NetPulseError && USELESS.has(error.code);
    await sink.abandon(remote.resumes && !useless);
    throw error;
  }
}

/** Failures after which nobody will go on with what has arrived. */
const USELESS = new Set(["ChecksumMismatch", "TransferTooLarge", "RemotePermissionDenied"]);

async function reasonToSkip(
  path: string,
  entry: RemoteEntry | undefined,
  sink: FileSink,
  { overwrite, commands }: Carrying,
  notes: string[],
): Promise<string | undefined> {
  if (overwrite === "Always") return undefined;
  const existing = await sink.existing();
  if (!existing) return undefined;
  if (overwrite === "Never") return "it is there already";
  const same = entry && (await isSame(path, entry.size, existing, commands));
  if (same === undefined)
    notes.push("the device cannot tell whether the file is the same: it was fetched again");
  return same ? "the same is there already" : undefined;
}

async function receive(
  path: string,
  entry: RemoteEntry | undefined,
  sink: FileSink,
  tools: Carrying,
  notes: string[],
): Promise<Omit<FileOutcome, "notes">> {
  const { remote } = tools;
  const from = await resumeFrom(path, entry, sink, tools);
  tools.advance(from);
  // Files of a kernel have no size and end where they end.
  const to = entry === undefined || entry.size === 0 ? Number.POSITIVE_INFINITY : entry.size;
  await remote.read(path, { from, to }, (data) => sink.append(data));
  const received = sink.received();
  const common = {
    bytes: received.size,
    sha256: await received.digest("sha256"),
    ...(from > 0 && { resumedBytes: from }),
  };
  if (entry !== undefined && entry.size === 0 && received.size > 0) return { ...common, verified: "size" };
  try {
    return { ...common, ...(await verify(path, received, tools)) };
  } catch (error) {
    if (!(error instanceof NetPulseError) || error.code !== "ChecksumMismatch") throw error;
    if (await hasChanged(path, entry, tools)) {
      // A log goes on being written: what was there at the beginning has been fetched.
      notes.push("the file changed while it was fetched, so that digests cannot be compared");
      return { ...common, verified: "size" };
    }
    if (from === 0) throw error;
    tools.advance(-received.size);
    await sink.truncate(0);
    return receive(path, entry, sink, tools, notes);
  }
}

/** How much an earlier attempt left that is certainly of the same content. */
async function resumeFrom(
  path: string,
  entry: RemoteEntry | undefined,
  sink: FileSink,
  { remote }: Carrying,
): Promise<number> {
  const have = await sink.open(`${path}\0${entry?.size}\0${entry?.modified}`);
  if (have === 0) return 0;
  const usable =
    remote.resumes &&
    entry?.modified !== undefined &&
    have <= entry.size &&
    (await sameTail(path, sink.received(), have, remote));
  if (usable) return have;
  await sink.truncate(0);
  return 0;
}

async function hasChanged(
  path: string,
  before: RemoteEntry | undefined,
  { remote }: Carrying,
): Promise<boolean> {
  const now = await remote.look(path);
  return (
    typeof now === "object" &&
    before !== undefined &&
    now.size >= before.size &&
    (now.size !== before.size || now.modified !== before.modified)
  );
}
