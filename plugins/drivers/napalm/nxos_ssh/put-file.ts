import type { OperationContext } from "../../../../src/plugin/index.ts";
import { carryFiles, type NetmikoSession } from "../../netmiko/command-line.ts";
import type { NxosVerbRequest } from "../nxos/verbs.ts";
import { TextContent } from "../text-content.ts";

/** Puts a text on the device by SCP, unless it is there already. Throws errors of file transfers. */
export async function putFile(
  session: NetmikoSession,
  { fileSystem, file, content }: Extract<NxosVerbRequest, { kind: "put" }>,
  context: OperationContext,
): Promise<void> {
  const entries = [{ path: "", content: new TextContent(content) }];
  const how = { protocol: "Scp", overwrite: "IfDifferent", checksum: "Auto" } as const;
  await carryFiles(session, { direction: "put", path: `${fileSystem}${file}`, entries, ...how }, context);
}
