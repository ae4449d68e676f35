import { createHash } from "node:crypto";
import { readdir, readFile, readlink, stat } from "node:fs/promises";
import { join } from "node:path";
import { jobErrors } from "../errors/job.ts";
import type { Credential } from "../plugin/index.ts";

export interface MountedCredential {
  readonly credential: Credential;
  /** Changes with the Secret; a part of the session key. */
  readonly version: string;
}

/** Where credentials come from. */
export interface Credentials {
  /** @throws CredentialNotFound and the like, naming the credential */
  get(name: string): Promise<MountedCredential>;
}

/**
 * The Secrets of the pool's credentials, mounted as folders named after the credential. The kubelet replaces a rotated one
 * by swapping the `..data` link, so a look at the link tells whether what was read is still current.
 */
export class CredentialFolder implements Credentials {
  readonly #folder: string;
  readonly #read = new Map<string, { readonly generation: string; readonly mounted: MountedCredential }>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws CredentialNotFound when the Secret is not mounted or holds nothing */
  async get(name: string): Promise<MountedCredential> {
    const folder = join(this.#folder, name);
    const generation = await generationOf(folder);
    if (generation === undefined)
      throw jobErrors.CredentialNotFound({
        credential: name,
        why: "its Secret is not mounted in this worker; does it exist?",
      });
    const known = this.#read.get(name);
    if (known?.generation === generation) return known.mounted;
    const mounted = await readFolder(name, folder);
    this.#read.set(name, { generation, mounted });
    return mounted;
  }
}

async function generationOf(folder: string): Promise<string | undefined> {
  const link = await readlink(join(folder, "..data")).catch(() => undefined);
  if (link !== undefined) return link;
  const plain = await stat(folder).catch(() => undefined);
  return plain && String(plain.mtimeMs);
}

async function readFolder(name: string, folder: string): Promise<MountedCredential> {
  const keys = (await readdir(folder)).filter((key) => !key.startsWith("..")).toSorted();
  const data: Record<string, string> = {};
  for (const key of keys) data[key] = await readFile(join(folder, key), "utf8");
  if (keys.length === 0)
    throw jobErrors.CredentialNotFound({ credential: name, why: "its Secret does not exist or has no keys" });
  const version = createHash("sha256").update(JSON.stringify(data)).digest("hex").slice(0, 16);
  return { credential: credentialFrom(data), version };
}

/** The keys of `kubernetes.io/basic-auth` and `kubernetes.io/ssh-auth`, and `secret` and `passphrase` beside them. */
export function credentialFrom(data: Readonly<Record<string, string>>): Credential {
  const { username, password, secret, passphrase } = data;
  const privateKey = data["ssh-privatekey"];
  return {
    ...(username !== undefined && { username: username.trim() }),
    ...(password !== undefined && { password: withoutLineEnd(password) }),
    ...(secret !== undefined && { secret: withoutLineEnd(secret) }),
    ...(privateKey !== undefined && { privateKey }),
    ...(passphrase !== undefined && { passphrase: withoutLineEnd(passphrase) }),
    data,
  };
}

/** A Secret made from a file usually ends with the editor's line end, which no password has. */
function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, "");
}
