import { join } from "node:path";
import type { Container } from "./pod.ts";

/** A container's image cannot be run as a process of this machine. */
class ImageNotRunnableError extends Error {
  override readonly name = "ImageNotRunnableError";
}

const PROJECT = join(import.meta.dirname, "..", "..", "..");

/** The program that a NetPulse image stands for: this checkout's command, under the Node that runs the agent. */
const NETPULSE = [process.execPath, join(PROJECT, "src", "cli", "main.ts")] as const;

/** `netpulse`, `registry.example/team/netpulse:1.2`, `netpulse@sha256:...` */
const NETPULSE_IMAGE = /(^|\/)netpulse([:@].*)?$/;

export function isNetPulseImage(image: string): boolean {
  return NETPULSE_IMAGE.test(image);
}

/** What to run for a container, its parts kept apart by whose paths they hold. */
export interface CommandLine {
  /** Words with paths of this machine. */
  readonly entryPoint: readonly string[];
  /** Words of the pod's spec, with paths as they would be in a container. */
  readonly given: readonly string[];
}

/**
 * A container's own `command`, or what its image's entry point is, with its arguments.
 *
 * @throws ImageNotRunnableError for an image of which nothing is known here.
 */
export function commandLine({ command, args, image }: Container): CommandLine {
  if (command.length > 0) return { entryPoint: [], given: [...command, ...args] };
  return { entryPoint: entryPoint(image), given: args };
}

function entryPoint(image: string): readonly string[] {
  if (isNetPulseImage(image)) return NETPULSE;
  throw new ImageNotRunnableError(
    `image ${image} cannot be run as a process: only netpulse images, or containers with a command, can`,
  );
}
