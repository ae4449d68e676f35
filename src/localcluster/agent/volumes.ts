import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { ConfigMap, Pod, Secret } from "../../runtime/builtin-resources.ts";
import { type FolderContent, writeAtomically } from "./atomic-folder.ts";
import { MissingValueError } from "./environment.ts";
import { type Projection, podField, type Volume } from "./pod.ts";

/** Objects and tokens that volumes are made from, as they are now. */
export interface VolumeSources {
  secret(name: string): Secret | undefined;
  configMap(name: string): ConfigMap | undefined;
  /** The current token for this audience. */
  token(request: { audience: string | undefined; expirationSeconds: number }): string;
}

/** A pod's volumes as folders on this machine. */
export class PodVolumes {
  readonly #folder: string;
  readonly #nodeName: string;
  readonly #written = new Map<string, string>();
  #writes = 0;

  constructor(folder: string, nodeName: string) {
    this.#folder = folder;
    this.#nodeName = nodeName;
  }

  /** Where the volume lies; it exists after the first `write`. */
  path(volume: string): string {
    return join(this.#folder, volume);
  }

  /**
   * Brings every volume to what its sources hold now; a volume whose content has not changed is not touched.
   *
   * @throws MissingValueError when an object or key that is not optional is not there; earlier content then stays.
   */
  write(pod: Pod, volumes: readonly Volume[], sources: VolumeSources): void {
    for (const volume of volumes) {
      const content = this.#content(pod, volume, sources);
      if (content === undefined) {
        mkdirSync(this.path(volume.name), { recursive: true });
        continue;
      }
      const fingerprint = JSON.stringify([...content].map(([path, data]) => [path, data.toString("base64")]));
      if (this.#written.get(volume.name) === fingerprint) continue;
      writeAtomically(this.path(volume.name), content, String(this.#writes++));
      this.#written.set(volume.name, fingerprint);
    }
  }

  /** Undefined for a volume that starts empty and belongs to the pod. */
  #content(pod: Pod, volume: Volume, sources: VolumeSources): FolderContent | undefined {
    const { secret, configMap, downwardAPI, projected } = volume;
    if (projected) return new Map(projected.sources.flatMap((p) => [...this.#project(pod, p, sources)]));
    if (secret) return this.#project(pod, { secret: { ...secret, name: secret.secretName } }, sources);
    if (configMap) return this.#project(pod, { configMap }, sources);
    if (downwardAPI) return this.#project(pod, { downwardAPI }, sources);
    return undefined;
  }

  #project(pod: Pod, source: Projection, sources: VolumeSources): FolderContent {
    const { secret, configMap, downwardAPI, serviceAccountToken } = source;
    if (secret) {
      return select(`Secret ${secret.name}`, secretData(sources.secret(secret.name)), secret);
    }
    if (configMap) {
      return select(
        `ConfigMap ${configMap.name}`,
        configMapData(sources.configMap(configMap.name)),
        configMap,
      );
    }
    if (serviceAccountToken) {
      const { path, audience, expirationSeconds } = serviceAccountToken;
      return new Map([[path, Buffer.from(sources.token({ audience, expirationSeconds }))]]);
    }
    return new Map(
      (downwardAPI?.items ?? []).map(({ path, fieldRef }) => [
        path,
        Buffer.from(podField(pod, fieldRef?.fieldPath ?? "", this.#nodeName)),
      ]),
    );
  }
}

interface Selection {
  readonly items?: readonly { readonly key: string; readonly path: string }[] | undefined;
  readonly optional?: boolean | undefined;
}

/** All keys under their own names, or those that `items` lists under the paths it gives. */
function select(
  what: string,
  data: FolderContent | undefined,
  { items, optional }: Selection,
): FolderContent {
  if (data === undefined) {
    if (optional) return new Map();
    throw new MissingValueError(`${what} does not exist`);
  }
  if (items === undefined) return data;
  const selected = new Map<string, Buffer>();
  for (const { key, path } of items) {
    const value = data.get(key);
    if (value !== undefined) selected.set(path, value);
    else if (!optional) throw new MissingValueError(`${what} has no key ${key}`);
  }
  return selected;
}

function secretData(secret: Secret | undefined): FolderContent | undefined {
  return secret && new Map(Object.entries(secret.data ?? {}).map(([k, v]) => [k, Buffer.from(v, "base64")]));
}

function configMapData(configMap: ConfigMap | undefined): FolderContent | undefined {
  if (configMap === undefined) return undefined;
  const texts = Object.entries(configMap.data ?? {}).map(([k, v]) => [k, Buffer.from(v)] as const);
  const binaries = Object.entries(configMap.binaryData ?? {}).map(
    ([k, v]) => [k, Buffer.from(v, "base64")] as const,
  );
  return new Map([...texts, ...binaries]);
}
