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

/**
 * What to run for a container: its own `command`, or what its image's entry point is.
 *
 * @throws ImageNotRunnableError for an image of which nothing is known here.
 */
export function commandLine(container: Container): [string, ...string[]] {
  const [program, ...rest] = container.command.length > 0 ? container.command : entryPoint(container.image);
  if (program === undefined) throw new ImageNotRunnableError(`container ${container.name} names no program`);
  return [program, ...rest, ...container.args];
}

function entryPoint(image: string): readonly string[] {
  if (isNetPulseImage(image)) return NETPULSE;
  throw new ImageNotRunnableError(
    `image ${image} cannot be run as a process: only netpulse images, or containers with a command, can`,
  );
}
