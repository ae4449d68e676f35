import { createHash } from "node:crypto";
import {
  type CommandOutcome,
  type DeviceResult,
  type NetOutput,
  type NetTask,
  netOutputs,
  netTasks,
  OUTPUT_CHUNK_BYTES,
  type OutputRef,
} from "../../api/index.ts";
import type { Content } from "../../plugin/index.ts";
import { type ApiClient, isAlreadyExists, ownerReference } from "../../runtime/index.ts";
import type { OutputPlace } from "../transfer/carry.ts";

/** Results of one task, as JSON: a third of what etcd takes in one request, since a conflict of characters may double it. */
const TASK_RESULT_BYTES = 512 * 1024;

/**
 * Brings the results of a task below its limit: the largest outputs go to NetOutput objects, first of all, and a reference with
 * size and sha256 takes their place. Nothing is cut.
 */
export async function moveLargeOutputs(
  client: ApiClient,
  task: NetTask,
  results: readonly DeviceResult[],
): Promise<DeviceResult[]> {
  let total = bytesOf(results);
  if (total <= TASK_RESULT_BYTES) return [...results];
  const moved = new Map<CommandOutcome, CommandOutcome>();
  const bySize = results
    .flatMap((result) =>
      (result.commands ?? []).map((command, index) => ({ result, command, index, bytes: bytesOf(command) })),
    )
    .toSorted((a, b) => b.bytes - a.bytes);
  for (const { result, command, index, bytes } of bySize) {
    if (total <= TASK_RESULT_BYTES) break;
    const replaced = await moveOutcome(client, task, result.device, index, command);
    moved.set(command, replaced);
    total -= bytes - bytesOf(replaced);
  }
  return results.map((result) => ({
    ...result,
    ...(result.commands && { commands: result.commands.map((command) => moved.get(command) ?? command) }),
  }));
}

async function moveOutcome(
  client: ApiClient,
  task: NetTask,
  device: string,
  index: number,
  outcome: CommandOutcome,
): Promise<CommandOutcome> {
  const { command, exitStatus, notes, transfer, error, ...large } = outcome;
  // An output alone is kept as the text that it is; what a parser or a change added to it makes it JSON.
  const { output, ...others } = large;
  const whole = output !== undefined && Object.keys(others).length === 0 ? output : JSON.stringify(large);
  const ref = await writeChunks(client, task, { device, command, index }, whole);
  return {
    command,
    ...(exitStatus !== undefined && { exitStatus }),
    ...(notes && { notes }),
    ...(transfer && { transfer }),
    ...(error && { error }),
    outputRef: ref,
  };
}

/** Stores content as NetOutput objects and says where. `base64`: it is no text. */
export async function keepContent(
  client: ApiClient,
  task: NetTask,
  place: OutputPlace & { readonly device: string },
  content: Content,
  encoding: "utf-8" | "base64",
): Promise<OutputRef> {
  const bounds = await boundsOf(content, encoding);
  const parts = async function* () {
    for (const [at, start] of bounds.entries()) {
      const bytes = Buffer.alloc((bounds[at + 1] ?? content.size) - start);
      const read = await content.read(bytes, start);
      yield bytes.toString(encoding, 0, read);
    }
  };
  const sha256 = await content.digest("sha256");
  const about = { size: content.size, sha256, count: bounds.length, encoding };
  return { ...(await createChunks(client, task, place, about, parts())), encoding };
}

/** Where the chunks begin; those of text between two characters. */
async function boundsOf(content: Content, encoding: "utf-8" | "base64"): Promise<number[]> {
  const bounds = [0];
  for (let start = 0; start + OUTPUT_CHUNK_BYTES < content.size; ) {
    let next = start + OUTPUT_CHUNK_BYTES;
    if (encoding === "utf-8") {
      const around = Buffer.alloc(4);
      await content.read(around, next - 3);
      for (let back = 3; back > 0 && isContinuation(around[back]); back--) next -= 1;
    }
    bounds.push(next);
    start = next;
  }
  return bounds;
}

async function writeChunks(
  client: ApiClient,
  task: NetTask,
  place: OutputPlace & { readonly device: string },
  text: string,
): Promise<OutputRef> {
  const bytes = Buffer.from(text, "utf8");
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const parts = chunksOf(bytes);
  return createChunks(client, task, place, { size: bytes.length, sha256, count: parts.length }, parts);
}

async function createChunks(
  client: ApiClient,
  task: NetTask,
  { device, command, index: place }: OutputPlace & { readonly device: string },
  about: { size: number; sha256: string; count: number; encoding?: "utf-8" | "base64" },
  parts: Iterable<string> | AsyncIterable<string>,
): Promise<OutputRef> {
  const { size, sha256, count, encoding } = about;
  // The content is part of the name: chunks that an earlier process left of another output are not taken for these.
  const key = createHash("sha256").update(`${device} ${place} ${sha256}`).digest("hex").slice(0, 8);
  const name = `${task.metadata.name}-${key}`;
  const owner = ownerReference(task, { resource: netTasks, blockOwnerDeletion: false });
  let index = 0;
  for await (const data of parts) {
    const chunk = {
      apiVersion: netOutputs.apiVersion,
      kind: netOutputs.kind,
      metadata: {
        name: `${name}-${index}`,
        namespace: task.metadata.namespace,
        // Which worker may write this object: the admission policy compares it with the token's pod.
        annotations: { "netpulse.io/worker": task.spec.workerName },
        ownerReferences: [owner],
      },
      task: task.metadata.name,
      device,
      command,
      index,
      chunks: count,
      ...(encoding && { encoding }),
      data,
    };
    await client.create<NetOutput>(netOutputs, chunk as unknown as NetOutput).catch((error: unknown) => {
      if (!isAlreadyExists(error)) throw error;
    });
    index += 1;
  }
  return { kind: "NetOutput", name: `${name}-0`, chunks: count, size, sha256 };
}

/** Pieces of at most a chunk each that end between two characters. */
export function chunksOf(bytes: Buffer, chunkBytes = OUTPUT_CHUNK_BYTES): string[] {
  const chunks: string[] = [];
  for (let start = 0; start < bytes.length; ) {
    let end = Math.min(start + chunkBytes, bytes.length);
    while (end < bytes.length && isContinuation(bytes[end])) end -= 1;
    chunks.push(bytes.toString("utf8", start, end));
    start = end;
  }
  return chunks;
}

/** 10xxxxxx continues a character of UTF-8. */
function isContinuation(byte: number | undefined): boolean {
  return ((byte ?? 0) & 0xc0) === 0x80;
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
