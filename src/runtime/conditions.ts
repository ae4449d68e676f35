/** A condition as Kubernetes objects carry them in their status. */
export interface Condition {
  type: string;
  status: "True" | "False" | "Unknown";
  reason: string;
  message: string;
  observedGeneration?: number | undefined;
  lastTransitionTime: string;
}

/** A condition as a controller states it: when it changed is found out. */
export type StatedCondition = Omit<Condition, "lastTransitionTime" | "message"> & { message?: string };

// The API machinery's limit for a condition's message.
const MAX_MESSAGE = 32_768;

/**
 * The conditions with this one set. `lastTransitionTime` moves only with the status. The very array that was given comes
 * back when nothing changed, so `===` says whether a write is needed.
 *
 * @param now milliseconds since the epoch
 * @example
 * status.conditions = setCondition(status.conditions, { type: "Ready", status: "True", reason: "AllPlaced", observedGeneration: 3 }, clock.now());
 */
export function setCondition<C extends Condition>(
  conditions: readonly C[] | undefined,
  stated: StatedCondition,
  now: number,
): C[] {
  const list = (conditions ?? []) as C[];
  const index = list.findIndex(({ type }) => type === stated.type);
  const before = list[index];
  const message = trim(stated.message ?? "");
  if (
    before &&
    before.status === stated.status &&
    before.reason === stated.reason &&
    before.message === message &&
    before.observedGeneration === stated.observedGeneration
  ) {
    return list;
  }
  const moved = before?.status !== stated.status;
  const lastTransitionTime = moved ? timestamp(now) : before.lastTransitionTime;
  const next = { ...stated, message, lastTransitionTime } as C;
  return index < 0 ? [...list, next] : list.with(index, next);
}

/** The conditions without this type; the very array that was given when it has none. */
export function removeCondition<C extends Condition>(
  conditions: readonly C[] | undefined,
  type: string,
): C[] {
  const list = (conditions ?? []) as C[];
  return list.some((condition) => condition.type === type)
    ? list.filter((condition) => condition.type !== type)
    : list;
}

/** The condition of this type, if there is one. */
export function findCondition<C extends Condition>(
  conditions: readonly C[] | undefined,
  type: string,
): C | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/** Whether the condition of this type is True. */
export function isConditionTrue(conditions: readonly Condition[] | undefined, type: string): boolean {
  return findCondition(conditions, type)?.status === "True";
}

/** A time as `metav1.Time` has it: whole seconds, UTC. */
export function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** A time as `metav1.MicroTime` has it: six digits of a second, which Go's parser insists on. */
export function microTimestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 23)}000Z`;
}

function trim(message: string): string {
  return message.length <= MAX_MESSAGE ? message : `${message.slice(0, MAX_MESSAGE - 1)}…`;
}
