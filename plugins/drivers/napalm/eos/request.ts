import { z } from "zod";
import type { EapiCommand } from "../../../../src/device/eapi/node.ts";
import type { Getter } from "../getter.ts";

/** Commands of one eAPI call. */
export interface EapiRequest {
  readonly commands: readonly EapiCommand[];
  readonly encoding: "json" | "text";
}

/** A getter of EOS: asks over eAPI, gets one reply for each command. */
export type EosGetter<Model = unknown> = Getter<EapiRequest, readonly unknown[], Model>;
type Asking<T> = Generator<EapiRequest, T, readonly unknown[]>;

/** The reply of one command, read by `schema`. Throws ZodError where the device answers in another shape. */
export function* json<T>(command: string, schema: z.ZodType<T>): Asking<T> {
  const [reply] = yield { commands: [command], encoding: "json" };
  return schema.parse(reply);
}

/** The replies of several commands, asked for at once. */
export function* jsonOfEach(commands: readonly string[]): Asking<readonly unknown[]> {
  return yield { commands, encoding: "json" };
}

/** The texts of several commands, asked for at once. */
export function* texts(commands: readonly string[]): Asking<string[]> {
  const replies = yield { commands, encoding: "text" };
  return replies.map((reply) => textReply.parse(reply).output);
}

/** The text of one command. */
export function* text(command: string): Asking<string> {
  const [first = ""] = yield* texts([command]);
  return first;
}

const textReply = z.object({ output: z.string().default("") });
