import type { ControlPlane } from "../../src/localcluster/control-plane.ts";

const WRITES = /^apiserver_request_total\{(.*)\} ([0-9.e+]+)$/;
const VERBS = new Set(["POST", "PUT", "PATCH", "APPLY", "DELETE"]);
/** Renewed by time, not by work. */
const IGNORED = new Set(["leases"]);

export interface Writes {
  /** All of them, those by which a user creates jobs among them. */
  readonly total: number;
  readonly byResource: Readonly<Record<string, number>>;
}

/** Writes of the netpulse.io group and of Events while `work` runs, as the API server counts them. */
export async function countWrites(plane: ControlPlane, work: () => Promise<unknown>): Promise<Writes> {
  const before = await writesOf(plane);
  await work();
  const after = await writesOf(plane);
  const byResource: Record<string, number> = {};
  for (const [resource, count] of after) {
    const grown = count - (before.get(resource) ?? 0);
    if (grown > 0) byResource[resource] = grown;
  }
  const total = Object.values(byResource).reduce((sum, count) => sum + count, 0);
  return { total, byResource };
}

async function writesOf(plane: ControlPlane): Promise<Map<string, number>> {
  const text = await plane.client.raw({ method: "GET", path: "/metrics" });
  const counts = new Map<string, number>();
  for (const line of text.split("\n")) {
    const [, labels = "", value = "0"] = WRITES.exec(line) ?? [];
    const label = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(labels)?.[1] ?? "";
    const isOurs = label("group") === "netpulse.io" || label("resource") === "events";
    if (!isOurs || !VERBS.has(label("verb")) || IGNORED.has(label("resource"))) continue;
    const key = `${label("resource")}/${label("subresource")}`;
    counts.set(key, (counts.get(key) ?? 0) + Number(value));
  }
  return counts;
}
