import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { TransferFile } from "../../api/index.ts";
import { type Content, type PutEntry, transferErrors } from "../../plugin/index.ts";
import { type ConfigMap, isNotFound } from "../../runtime/index.ts";
import { type OpenContent, openFile } from "./file-content.ts";
import type { UrlSource } from "./url-source.ts";
import type { Volumes } from "./volumes.ts";

type Source = NonNullable<TransferFile["put"]>["from"];

/** What is to be put, open and ready. */
export interface OpenSource {
  readonly entries: readonly PutEntry[];
  /** What of a folder is left out, with the reason. */
  readonly leftOut: readonly string[];
  close(): Promise<void>;
}

export interface TransferSourcesOptions {
  /** Reads a ConfigMap of the namespace; rejects as the API server does. */
  readonly configMap: (name: string) => Promise<ConfigMap>;
  readonly volumes: Volumes;
  readonly urls: UrlSource;
  readonly limitBytes: number;
}

const MOST_FILES = 1000;
const DEEPEST = 64;

/** Opens what jobs put on devices. Whatever is wrong with it is found out here, before a device is touched. */
export class TransferSources {
  readonly #options: TransferSourcesOptions;

  constructor(options: TransferSourcesOptions) {
    this.#options = options;
  }

  /** @throws SourceNotFound, SourceNotAllowed, SourceTooLarge, SourceUnavailable */
  async open(source: Source, recursive: boolean, device: string, signal: AbortSignal): Promise<OpenSource> {
    const opened = new Opened();
    try {
      if (source.configMap) await this.#fromConfigMap(source.configMap, recursive, opened);
      else if (source.volume) await this.#fromVolume(source.volume, recursive, device, opened);
      else if (source.url !== undefined) opened.file("", await this.#options.urls.open(source.url, signal));
      await this.#check(source, opened);
      return opened;
    } catch (error) {
      await opened.close();
      throw error;
    }
  }

  async #check({ sha256, url, volume, configMap }: Source, { entries }: Opened): Promise<void> {
    const name = url ?? (volume ? `${volume.path} of volume ${volume.name}` : `ConfigMap ${configMap?.name}`);
    const { limitBytes } = this.#options;
    const size = entries.reduce((sum, { content }) => sum + (content?.size ?? 0), 0);
    if (size > limitBytes) throw transferErrors.SourceTooLarge({ source: name, limitBytes });
    const [only] = entries;
    if (sha256 === undefined || !only?.content) return;
    const found = await only.content.digest("sha256");
    if (found === sha256.toLowerCase()) return;
    throw transferErrors.SourceUnavailable({ source: name, why: `its sha256 is ${found}, not ${sha256}` });
  }

  async #fromConfigMap(
    { name, key }: NonNullable<Source["configMap"]>,
    recursive: boolean,
    opened: Opened,
  ): Promise<void> {
    const { data = {}, binaryData = {} } = await this.#options.configMap(name).catch((error: unknown) => {
      throw isNotFound(error) ? transferErrors.SourceNotFound({ source: `ConfigMap ${name}` }) : error;
    });
    const bytes = (of: string): Buffer | undefined => {
      const text = own(data, of);
      const binary = own(binaryData, of);
      if (text !== undefined) return Buffer.from(text, "utf8");
      return binary === undefined ? undefined : Buffer.from(binary, "base64");
    };
    if (recursive && key === undefined) {
      opened.folder("");
      for (const each of [...Object.keys(data), ...Object.keys(binaryData)].toSorted())
        opened.content(each, contentOf(bytes(each) ?? Buffer.alloc(0)));
      return;
    }
    const found = key === undefined ? undefined : bytes(key);
    if (!found) throw transferErrors.SourceNotFound({ source: `key ${key} of ConfigMap ${name}` });
    opened.content("", contentOf(found));
  }

  async #fromVolume(
    { name, path }: NonNullable<Source["volume"]>,
    recursive: boolean,
    device: string,
    opened: Opened,
  ): Promise<void> {
    const wanted = { name, path: forDevice(path, device) };
    const real = await this.#options.volumes.find(wanted);
    const found = await stat(real);
    const source = `${wanted.path} of volume ${name}`;
    if (found.isFile()) opened.file("", await openFile(real));
    else if (!found.isDirectory()) throw transferErrors.SourceNotAllowed({ source, why: "it is not a file" });
    else if (!recursive)
      throw transferErrors.SourceNotAllowed({ source, why: "it is a folder: set recursive to put it" });
    else {
      opened.folder("");
      await walk(real, "", source, opened);
    }
  }
}

/** A path of a job as it is meant for one device. */
export function forDevice(path: string, device: string): string {
  return path.replaceAll("{device}", () => device);
}

async function walk(root: string, folder: string, source: string, opened: Opened): Promise<void> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (opened.entries.length >= MOST_FILES || path.split("/").length > DEEPEST)
      throw transferErrors.SourceNotAllowed({
        source,
        why: `a folder with more than ${MOST_FILES} files or deeper than ${DEEPEST} folders is not carried`,
      });
    if (entry.isDirectory()) {
      opened.folder(path);
      await walk(root, path, source, opened);
    } else if (entry.isFile()) opened.file(path, await openFile(join(root, path)));
    else opened.leftOut.push(`${path}: ${entry.isSymbolicLink() ? "a symbolic link" : "not a file"}`);
  }
}

class Opened implements OpenSource {
  readonly entries: PutEntry[] = [];
  readonly leftOut: string[] = [];
  readonly #open: OpenContent[] = [];

  folder(path: string): void {
    this.entries.push({ path });
  }

  content(path: string, content: Content): void {
    this.entries.push({ path, content });
  }

  file(path: string, content: OpenContent): void {
    this.#open.push(content);
    this.content(path, content);
  }

  async close(): Promise<void> {
    await Promise.all(this.#open.splice(0).map((content) => content.close()));
  }
}

function contentOf(bytes: Buffer): Content {
  return {
    size: bytes.length,
    read: (into, offset) => {
      const part = bytes.subarray(offset, offset + into.length);
      into.set(part);
      return Promise.resolve(part.length);
    },
    digest: (algorithm) => Promise.resolve(createHash(algorithm).update(bytes).digest("hex")),
  };
}

function own(map: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}
