/** The metadata that every object carries. Objects from a cache are shared: treat them as frozen. */
export interface ObjectMeta {
  name?: string;
  generateName?: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  finalizers?: string[];
  managedFields?: unknown;
}

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

export interface KubernetesObject {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
}

/** Where a kind lives in the API. `T` is the type of its objects. */
export interface Resource<T extends KubernetesObject = KubernetesObject> {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  /** `group/version`, or the version alone for the core group. */
  readonly apiVersion: string;
  /** Never set: it carries the type `T`. */
  readonly objectType?: T;
}

/**
 * Describes a kind.
 *
 * @example
 * const widgets = defineResource<Widget>({ group: "example.com", version: "v1", kind: "Widget", plural: "widgets", namespaced: true });
 */
export function defineResource<T extends KubernetesObject>(
  definition: Omit<Resource<T>, "apiVersion" | "objectType">,
): Resource<T> {
  const { group, version } = definition;
  return Object.freeze({ ...definition, apiVersion: group === "" ? version : `${group}/${version}` });
}

/** "namespace/name", or the name alone for an object without a namespace. */
export type ObjectKey = string;

/** The object's key. */
export function keyOf(object: KubernetesObject): ObjectKey {
  const { namespace, name } = object.metadata;
  return namespace ? `${namespace}/${name}` : `${name}`;
}

/** The reverse of `keyOf`; the namespace of a cluster-scoped object is "". */
export function splitKey(key: ObjectKey): { namespace: string; name: string } {
  const slash = key.indexOf("/");
  return { namespace: slash < 0 ? "" : key.slice(0, slash), name: key.slice(slash + 1) };
}

/**
 * A reference for `metadata.ownerReferences`: the garbage collector deletes an object with its owner.
 * `controller` (default true) marks the one managing owner. Throws when the owner was not read from the API (no uid).
 */
export function ownerReference(
  owner: KubernetesObject,
  options: { controller?: boolean; blockOwnerDeletion?: boolean; resource?: Resource } = {},
): OwnerReference {
  const apiVersion = owner.apiVersion ?? options.resource?.apiVersion;
  const kind = owner.kind ?? options.resource?.kind;
  const { name, uid } = owner.metadata;
  if (!apiVersion || !kind || !name || !uid) {
    throw new TypeError(
      `An owner needs apiVersion, kind, name and uid; ${kind ?? "object"} ${name ?? ""} lacks one of them.`,
    );
  }
  const { controller = true, blockOwnerDeletion = controller } = options;
  return { apiVersion, kind, name, uid, controller, blockOwnerDeletion };
}

/** The reference to the owner that manages the object, if it has one. */
export function controllerOf(object: KubernetesObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((reference) => reference.controller === true);
}

/**
 * Compares two resourceVersions of one resource: negative when `a` is older, 0 when equal, positive when newer; undefined
 * when either is not a number.
 *
 * The API promises since Kubernetes 1.35 (KEP-5504) that they are decimal numbers of growing size, and every real API
 * server has always numbered them so. They can exceed 2^53, so they are compared as BigInt would: a longer numeral without
 * leading zeros is the larger, and numerals of one length compare as text. That needs no allocation.
 */
export function compareResourceVersions(a: string | undefined, b: string | undefined): number | undefined {
  if (a === b) return a === undefined ? undefined : 0;
  if (a === undefined || b === undefined || !isDecimal(a) || !isDecimal(b)) return undefined;
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : 1;
}

function isDecimal(text: string): boolean {
  if (text.length === 0 || (text.length > 1 && text.charCodeAt(0) === 48)) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 48 || code > 57) return false;
  }
  return true;
}
