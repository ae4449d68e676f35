import type { Container, EnvVar } from "./pod.ts";

/** Where values of the environment come from; undefined means that there is no such object or key. */
export interface ValueSources {
  field(path: string): string;
  secretKey(name: string, key: string): string | undefined;
  configMapKey(name: string, key: string): string | undefined;
}

/** What differs between a container in a cluster and a process on this machine. */
export interface LocalPlaces {
  /** Mount path to local folder, or to a file for a mount with a subPath. */
  readonly folders: ReadonlyMap<string, string>;
  /** Folder above mount paths to the local folder in which they are found under the same names. */
  readonly parents: ReadonlyMap<string, string>;
  /** Declared container port to the port on this machine. */
  readonly ports: ReadonlyMap<number, number>;
}

/** A value that a container needs is not there (yet). */
export class MissingValueError extends Error {
  override readonly name = "MissingValueError";
}

/**
 * The container's environment as the process gets it: references are resolved, `$(NAME)` is replaced by an earlier
 * variable, paths under a mount lead to the local folder, and a declared port becomes the port that was allotted for it.
 *
 * @throws MissingValueError for a Secret or ConfigMap key that is neither there nor optional.
 */
export function containerEnvironment(
  container: Container,
  sources: ValueSources,
  places: LocalPlaces,
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const variable of container.env) {
    const value = resolve(variable, sources, environment);
    if (value !== undefined) environment[variable.name] = localValue(value, places);
  }
  return environment;
}

/** Arguments with `$(NAME)` replaced and paths under a mount leading to the local folder. */
export function containerArguments(
  texts: readonly string[],
  environment: Readonly<Record<string, string>>,
  places: LocalPlaces,
): string[] {
  return texts.map((text) => localPath(expand(text, environment), places));
}

function resolve(
  variable: EnvVar,
  sources: ValueSources,
  earlier: Readonly<Record<string, string>>,
): string | undefined {
  const { fieldRef, secretKeyRef, configMapKeyRef } = variable.valueFrom ?? {};
  if (fieldRef) return sources.field(fieldRef.fieldPath);
  if (secretKeyRef) {
    const { name, key, optional } = secretKeyRef;
    return sources.secretKey(name, key) ?? absent(`Secret ${name}`, key, optional);
  }
  if (configMapKeyRef) {
    const { name, key, optional } = configMapKeyRef;
    return sources.configMapKey(name, key) ?? absent(`ConfigMap ${name}`, key, optional);
  }
  return expand(variable.value ?? "", earlier);
}

function absent(object: string, key: string, optional: boolean | undefined): undefined {
  if (!optional) throw new MissingValueError(`${object} has no key ${key}, or does not exist`);
}

/** `$(NAME)` becomes the variable's value, an unknown one stays as it is, `$$(NAME)` stands for the text `$(NAME)`. */
function expand(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$(\$|\(([^()]*)\))/g, (whole, what: string, name: string | undefined) => {
    if (what === "$") return "$";
    return variables[name ?? ""] ?? whole;
  });
}

function localValue(value: string, places: LocalPlaces): string {
  const port = /^\d+$/.test(value) ? places.ports.get(Number(value)) : undefined;
  return port === undefined ? localPath(value, places) : String(port);
}

function localPath(value: string, { folders, parents }: LocalPlaces): string {
  const parent = parents.get(value);
  if (parent !== undefined) return parent;
  const mount = [...folders.keys()]
    .filter((path) => value === path || value.startsWith(`${path}/`))
    .toSorted((a, b) => b.length - a.length)[0];
  return mount === undefined ? value : `${folders.get(mount)}${value.slice(mount.length)}`;
}
