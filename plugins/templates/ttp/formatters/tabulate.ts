import type { Output } from "../output.ts";

export function tabulate(_table: unknown[][], _output: Output): string {
  return "";
}
