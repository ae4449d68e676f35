import { readFileSync } from "node:fs";
import { z } from "zod";
import { type DevicePool, type Kind, kinds, type NetJob } from "../../api/index.ts";
import { runErrors } from "../../errors/run.ts";
import { type Manifest, parseManifests } from "../../localcluster/manifests.ts";
import { ApiError, configMaps, type KubernetesObject, type Resource } from "../../runtime/index.ts";
import { brokenRules } from "./validation-rules.ts";

/** What the files of one call hold. */
export interface LocalObjects {
  readonly jobs: readonly NetJob[];
  readonly pools: readonly DevicePool[];
  /** Keys of Secrets, by name. */
  readonly secrets: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** Texts of ConfigMaps, by name. */
  readonly configMaps: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

const keys = z.looseObject({
  data: z.record(z.string(), z.string()).default({}),
  stringData: z.record(z.string(), z.string()).default({}),
});

/**
 * Reads NetJobs, DevicePools, Secrets and ConfigMaps as they would be applied to a cluster; `-` is standard input. Other kinds are passed
 * over. Throws `FilesInvalid` with every problem: of YAML, of a kind's schema, and of the rules that an API server would check.
 */
export function readObjects(files: readonly string[]): LocalObjects {
  const problems: string[] = [];
  const manifests = files.flatMap((file) => {
    try {
      return parseManifests(readFileSync(file === "-" ? 0 : file, "utf8"), file).map((object) => ({
        file,
        object,
      }));
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
      return [];
    }
  });
  const ofKind = (kind: string) => manifests.filter(({ object }) => object.kind === kind);
  const checked = <T>(kind: string): T[] =>
    ofKind(kind).flatMap(({ file, object }) => {
      const { found, wrong } = check<T>(kindOf(kind), object);
      problems.push(...wrong.map((problem) => `${file}: ${kind} ${object.metadata.name}: ${problem}`));
      return found ? [found] : [];
    });
  const jobs = checked<NetJob>("NetJob");
  const pools = checked<DevicePool>("DevicePool");
  if (problems.length > 0) throw runErrors.FilesInvalid({ problems });
  return {
    jobs,
    pools,
    secrets: new Map(
      ofKind("Secret").map(({ object }) => {
        const { data, stringData } = keys.parse(object);
        const decoded = Object.entries(data).map(([key, value]) => [
          key,
          Buffer.from(value, "base64").toString("utf8"),
        ]);
        return [object.metadata.name ?? "", { ...Object.fromEntries(decoded), ...stringData }];
      }),
    ),
    configMaps: new Map(
      ofKind("ConfigMap").map(({ object }) => [object.metadata.name ?? "", keys.parse(object).data]),
    ),
  };
}

function kindOf(name: string): Kind {
  const kind = kinds.find((each) => each.kind === name);
  if (!kind) throw new TypeError(`there is no kind ${name}`);
  return kind;
}

/** An object with its defaults, or what is wrong with it. */
function check<T>(kind: Kind, object: Manifest): { found?: T; wrong: readonly string[] } {
  const parsed = kind.spec?.safeParse(object.spec ?? {});
  if (!parsed?.success)
    return {
      wrong: (parsed?.error.issues ?? []).map((issue) => `${fieldOf(issue.path)}: ${problemOf(issue)}`),
    };
  const wrong = brokenRules(kind, object.spec);
  const name = object.metadata.name ?? "";
  const metadata = {
    uid: `local-${name}`,
    namespace: "default",
    generation: 1,
    resourceVersion: "1",
    ...object.metadata,
    name,
  };
  return { found: { ...object, metadata, spec: parsed.data } as T, wrong };
}

/** `spec.transfer.files[0].put`, as an API server writes it. */
function fieldOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (field, key) => (typeof key === "number" ? `${field}[${key}]` : `${field}.${String(key)}`),
    "spec",
  );
}

function problemOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "unrecognized_keys") return `there is no field ${issue.keys.join(", ")}`;
  if (issue.message.endsWith("received undefined")) return "required";
  return issue.message.replace(/^Invalid input: /, "");
}

/** Reads ConfigMaps of the files as a client reads those of a cluster. */
export function configMapReader({ configMaps: known }: LocalObjects) {
  return {
    async get<T extends KubernetesObject>(
      resource: Resource<T>,
      _namespace: string | undefined,
      name: string,
    ): Promise<T> {
      const data = resource.kind === configMaps.kind ? known.get(name) : undefined;
      if (!data)
        throw new ApiError({
          status: 404,
          reason: "NotFound",
          message: `ConfigMap ${name} is in none of the files`,
        });
      return { metadata: { name }, data } as unknown as T;
    },
  };
}
