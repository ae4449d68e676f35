type Json = unknown;
type JsonObject = Record<string, Json>;

/** Lists of a pod that are merged by name, as a strategic merge patch does; other lists are replaced. */
const MERGED_BY_NAME = new Set([
  "containers",
  "initContainers",
  "volumes",
  "env",
  "volumeMounts",
  "imagePullSecrets",
  "ports",
]);

/** The worker's pod template with a pool's additions merged over it: objects by key, lists of named things by name. */
export function mergePodTemplate(base: JsonObject, additions: JsonObject): JsonObject {
  return mergeObjects(base, additions);
}

function mergeObjects(base: JsonObject, additions: JsonObject): JsonObject {
  const merged: JsonObject = { ...base };
  for (const [key, value] of Object.entries(additions)) {
    const present = merged[key];
    if (isObject(present) && isObject(value)) merged[key] = mergeObjects(present, value);
    else if (Array.isArray(present) && Array.isArray(value) && MERGED_BY_NAME.has(key))
      merged[key] = mergeLists(present, value);
    else merged[key] = value;
  }
  return merged;
}

function mergeLists(base: readonly Json[], additions: readonly Json[]): Json[] {
  const merged = [...base];
  for (const item of additions) {
    const index = merged.findIndex(
      (present) => isObject(present) && isObject(item) && present.name === item.name,
    );
    const present = merged[index];
    if (isObject(present) && isObject(item)) merged[index] = mergeObjects(present, item);
    else merged.push(item);
  }
  return merged;
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
