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
import { type ApiClient, isAlreadyExists, ownerReference } from "../../runtime/index.ts";

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
  const { command, exitStatus, notes, error, ...large } = outcome;
  // An output alone is kept as the text that it is; what a parser or a change added to it makes it JSON.
  const { output, ...others } = large;
  const whole = output !== undefined && Object.keys(others).length === 0 ? output : JSON.stringify(large);
  const ref = await writeChunks(client, task, { device, command, index }, whole);
  return {
    command,
    ...(exitStatus !== undefined && { exitStatus }),
    ...(notes && { notes }),
    ...(error && { error }),
    outputRef: ref,
  };
}

async function writeChunks(
  client: ApiClient,
  task: NetTask,
  { device, command, index: place }: { device: string; command: string; index: number },
  text: string,
): Promise<OutputRef> {
  const bytes = Buffer.from(text, "utf8");
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const parts = chunksOf(bytes);
  // The content is part of the name: chunks that an earlier process left of another output are not taken for these.
  const key = createHash("sha256").update(`${device} ${place} ${sha256}`).digest("hex").slice(0, 8);
  const name = `${task.metadata.name}-${key}`;
  const owner = ownerReference(task, { resource: netTasks, blockOwnerDeletion: false });
  for (const [index, data] of parts.entries()) {
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
      chunks: parts.length,
      data,
    };
    await client.create<NetOutput>(netOutputs, chunk as unknown as NetOutput).catch((error: unknown) => {
      if (!isAlreadyExists(error)) throw error;
    });
  }
  return {
    kind: "NetOutput",
    name: `${name}-0`,
    chunks: parts.length,
    size: bytes.length,
    sha256,
  };
}

/** Pieces of at most a chunk each that end between two characters. */
export function chunksOf(bytes: Buffer, chunkBytes = OUTPUT_CHUNK_BYTES): string[] {
  const chunks: string[] = [];
  for (let start = 0; start < bytes.length; ) {
    let end = Math.min(start + chunkBytes, bytes.length);
    // 10xxxxxx continues a character of UTF-8.
    while (end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
    chunks.push(bytes.toString("utf8", start, end));
    start = end;
  }
  return chunks;
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
