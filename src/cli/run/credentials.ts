import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { runErrors } from "../../errors/run.ts";
import {
  CredentialFolder,
  type Credentials,
  credentialFrom,
  type MountedCredential,
} from "../../worker/credentials.ts";

/** Where a person's credentials may come from, the first that knows a name wins. */
export interface CredentialSources {
  /** Secrets of the files, by name. */
  readonly secrets: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** Which Secret a pool's credential names. */
  readonly secretOf: (credential: string) => string | undefined;
  /** A folder as workers mount them (a folder for each credential, a file for each key), or a YAML file of credentials with their keys. */
  readonly path?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Keys that were asked for at the terminal. */
  readonly asked?: Readonly<Record<string, string>> | undefined;
}

/** Variables that stand for keys of a credential; a file with a private key is named, not contained. */
const VARIABLES: Readonly<Record<string, string>> = {
  NETPULSE_USERNAME: "username",
  NETPULSE_PASSWORD: "password",
  NETPULSE_SECRET: "secret",
  NETPULSE_PASSPHRASE: "passphrase",
};
const KEY_FILE = "NETPULSE_PRIVATE_KEY_FILE";

/** Credentials of a run without a cluster. Throws `CredentialMissing` for a name that no source knows. */
export function localCredentials(sources: CredentialSources): Credentials {
  const folder =
    sources.path !== undefined && statSync(sources.path).isDirectory() ? sources.path : undefined;
  const file = sources.path !== undefined && folder === undefined ? readFile(sources.path) : {};
  const given = environmentKeys(sources.environment);
  const mounted = folder === undefined ? undefined : new CredentialFolder(folder);
  return {
    async get(name) {
      const named = file[name] ?? sources.secrets.get(sources.secretOf(name) ?? name);
      const keys = { ...named, ...(named ? {} : given), ...sources.asked };
      if (Object.keys(keys).length > 0) return mountedFrom(keys);
      if (mounted) return mounted.get(name);
      throw runErrors.CredentialMissing({ credential: name });
    },
  };
}

const credentialsFile = z.record(z.string(), z.record(z.string(), z.string()));

function readFile(path: string): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const read = credentialsFile.safeParse(parse(readFileSync(path, "utf8")));
  if (read.success) return read.data;
  const problems = [`${path}: not a map of credentials to maps of keys and texts`];
  throw runErrors.FilesInvalid({ problems });
}

function environmentKeys(environment: CredentialSources["environment"]): Record<string, string> {
  const keys = Object.entries(VARIABLES).flatMap(([variable, key]) => {
    const value = environment[variable];
    return value === undefined || value === "" ? [] : [[key, value]];
  });
  const path = environment[KEY_FILE];
  return {
    ...Object.fromEntries(keys),
    ...(path !== undefined && path !== "" && { "ssh-privatekey": readFileSync(path, "utf8") }),
  };
}

function mountedFrom(keys: Readonly<Record<string, string>>): MountedCredential {
  const version = createHash("sha256").update(JSON.stringify(keys)).digest("hex").slice(0, 16);
  return { credential: credentialFrom(keys), version };
}
