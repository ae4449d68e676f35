import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { type Platform, platformSchema } from "./platform.ts";

/** The built-in platform files. */
export const BUILT_IN = join(import.meta.dirname, "platforms");

export interface Resolved {
  readonly platform: Platform;
  readonly transport: "ssh" | "telnet";
}

/**
 * The platforms of some folders, read when asked for. A later folder's file of the same name wins, and may extend the one that it
 * replaces.
 */
export class PlatformLibrary {
  private readonly files = new Map<string, string[]>();
  private readonly loaded = new Map<string, Platform>();
  private readonly texts = new Map<string, string>();
  private aliases: Map<string, string> | undefined;

  constructor(folders: readonly string[] = [BUILT_IN]) {
    for (const folder of folders) {
      for (const file of readdirSync(folder)) {
        const name = /^(.+)\.ya?ml$/.exec(file)?.[1];
        if (name !== undefined) this.files.set(name, [...(this.files.get(name) ?? []), join(folder, file)]);
      }
    }
  }

  /** All names of platforms that have a file of their own, sorted. */
  names(): string[] {
    return [...this.files.keys()].filter((name) => !this.has(name, "abstract: true")).sort();
  }

  /** The platforms that `device_type: autodetect` knows, in order of their names. */
  detectable(): Platform[] {
    return this.names()
      .filter((name) => this.has(name, "detect:"))
      .flatMap((name) => this.find(name) ?? []);
  }

  /** Device type -> platform, by Netmiko's rules: an alias, or a name with `_ssh`, `_telnet` or `_serial` (by SSH through a console server). Undefined: unknown. */
  resolve(deviceType: string): Resolved | undefined {
    const transport = deviceType.endsWith("_telnet") ? "telnet" : "ssh";
    const platform = this.find(deviceType) ?? this.find(deviceType.replace(/_(?:ssh|telnet|serial)$/, ""));
    return platform && { platform, transport };
  }

  /** The platform of a name or alias. Throws with file and place where its file is wrong. */
  find(name: string): Platform | undefined {
    const platform = this.files.has(name) ? this.load(name) : this.ofAlias(name);
    return platform?.abstract ? undefined : platform;
  }

  /** The names that come closest to an unknown one. */
  similar(name: string): string[] {
    const known = [...this.names(), ...this.aliasIndex().keys()];
    const head = name.split("_")[0] ?? name;
    return known.filter((k) => k.includes(name) || name.includes(k) || k.startsWith(head)).slice(0, 8);
  }

  private load(name: string): Platform {
    const ready = this.loaded.get(name);
    if (ready) return ready;
    const file = this.files.get(name)?.at(-1) ?? name;
    const result = platformSchema.safeParse(this.source(name, (this.files.get(name)?.length ?? 0) - 1, []));
    if (!result.success) throw new Error(`${file}: ${z.prettifyError(result.error)}`);
    const platform: Platform = { ...result.data, name };
    this.loaded.set(name, platform);
    return platform;
  }

  private source(name: string, layer: number, seen: readonly string[]): Tree {
    const file = this.files.get(name)?.[layer];
    if (file === undefined) throw new Error(`${seen.at(-1) ?? name} extends ${name}, which does not exist`);
    if (seen.includes(file)) throw new Error(`${[...seen, file].join(" extends ")}: a circle`);
    const own = this.read(file);
    if (typeof own.extends !== "string") return own;
    const base = own.extends === name ? layer - 1 : (this.files.get(own.extends)?.length ?? 0) - 1;
    const {
      abstract: _,
      aliases: __,
      description: ___,
      detect: ____,
      ...inherited
    } = this.source(own.extends, base, [...seen, file]);
    return merged(inherited, own);
  }

  private read(file: string): Tree {
    return parse(this.text(file)) as Tree;
  }

  private text(file: string): string {
    let text = this.texts.get(file);
    if (text === undefined) {
      text = readFileSync(file, "utf8");
      this.texts.set(file, text);
    }
    return text;
  }

  /** Whether a file has this at the beginning of a line: hundreds of files are not parsed to find a few. */
  private has(name: string, beginning: string): boolean {
    const text = this.text(this.files.get(name)?.at(-1) ?? name);
    return text.startsWith(beginning) || text.includes(`\n${beginning}`);
  }

  private ofAlias(name: string): Platform | undefined {
    const target = this.aliasIndex().get(name);
    return target === undefined ? undefined : this.load(target);
  }

  private aliasIndex(): Map<string, string> {
    if (this.aliases) return this.aliases;
    this.aliases = new Map();
    for (const [name, layers] of this.files) {
      if (!this.has(name, "aliases:")) continue;
      const aliases = this.read(layers.at(-1) ?? name).aliases;
      if (Array.isArray(aliases)) for (const alias of aliases) this.aliases.set(String(alias), name);
    }
    return this.aliases;
  }
}

type Tree = Record<string, unknown>;

/** Objects merge, everything else replaces, null removes. */
function merged(base: Tree, own: Tree): Tree {
  const result: Tree = { ...base };
  for (const [key, value] of Object.entries(own)) {
    const before = result[key];
    if (value === null) delete result[key];
    else result[key] = isTree(before) && isTree(value) ? merged(before, value) : value;
  }
  return result;
}

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
