import { mkdir, realpath } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { transferErrors } from "../../plugin/index.ts";

/** Folders of this worker by the names under which jobs use them. */
export type VolumeSettings = Readonly<Record<string, { readonly path: string; readonly writable: boolean }>>;

export interface VolumeFile {
  readonly name: string;
  /** Below the volume. */
  readonly path: string;
}

/** Finds files in the volumes of the configuration. No link and no `..` leads out of them: they may lie beside other people's files. */
export class Volumes {
  readonly #settings: VolumeSettings;

  constructor(settings: VolumeSettings) {
    this.#settings = settings;
  }

  /** The real path of a file or folder that is there. @throws SourceNotAllowed, SourceNotFound */
  async find(file: VolumeFile): Promise<string> {
    const { source, root } = await this.#volume(file);
    try {
      const path = await realpath(join(root, file.path));
      if (path === root || path.startsWith(root + sep)) return path;
    } catch (error) {
      if (isMissing(error)) throw transferErrors.SourceNotFound({ source });
      throw error;
    }
    throw transferErrors.SourceNotAllowed({ source, why: "it leads out of the volume" });
  }

  /** The real path at which a file may be written; the folders to it are made. @throws SourceNotAllowed */
  async place(file: VolumeFile): Promise<string> {
    const { source, root, writable } = await this.#volume(file);
    if (!writable)
      throw transferErrors.SourceNotAllowed({ source, why: "the volume is not writable (worker.volumes)" });
    const wanted = join(root, file.path);
    if (!wanted.startsWith(root + sep))
      throw transferErrors.SourceNotAllowed({ source, why: "it leads out of the volume" });
    const folder = await this.#makeFolder(dirname(wanted), root, source);
    return join(folder, basename(wanted));
  }

  /** Makes the folders that are missing, each below one that is really in the volume. */
  async #makeFolder(folder: string, root: string, source: string): Promise<string> {
    if (folder === root) return root;
    const parent = await this.#makeFolder(dirname(folder), root, source);
    const path = join(parent, basename(folder));
    await mkdir(path, { mode: 0o755 }).catch((error: unknown) => {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    });
    const real = await realpath(path);
    if (real !== root && !real.startsWith(root + sep))
      throw transferErrors.SourceNotAllowed({ source, why: "a link leads out of the volume" });
    return real;
  }

  async #volume({ name, path }: VolumeFile): Promise<{ source: string; root: string; writable: boolean }> {
    const source = `${path} of volume ${name}`;
    const settings = Object.hasOwn(this.#settings, name) ? this.#settings[name] : undefined;
    if (!settings)
      throw transferErrors.SourceNotAllowed({
        source,
        why: "worker.volumes in config.yaml has no such volume",
      });
    if (path.includes("\0")) throw transferErrors.SourceNotAllowed({ source, why: "it is no path" });
    try {
      return { source, root: await realpath(settings.path), writable: settings.writable };
    } catch (error) {
      if (isMissing(error))
        throw transferErrors.SourceNotFound({
          source: `volume ${name} in this worker: its folder is not mounted`,
        });
      throw error;
    }
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}
