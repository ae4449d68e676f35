import { type Asking, fact, type JunosGetter, orNone, rpc } from "./request.ts";
import { decimal, integer, is, table, text, type Values } from "./rows.ts";

/** Sensors, power supplies, load and memory; of a cluster those of its primary node. */
export const getEnvironment: JunosGetter = function* () {
  const isCluster = yield* fact("srxCluster");
  const args: Record<string, string> = isCluster ? { node: "primary" } : {};
  const sensors = withClasses(sensorTable(yield* rpc("get-environment-information", args)));
  const engines = (isCluster ? clusterEngines : plainEngines)(
    yield* rpc("get-route-engine-information", args),
  );
  const limits = thresholdTable(yield* rpc("get-temperature-threshold-information", args));
  const supplies = yield* powerSupplies();
  return {
    fans: Object.fromEntries(ofKind(sensors, "Fans", ({ isOk }) => ({ status: isOk }))),
    temperature: temperaturesOf(sensors, limits.at(-1)),
    power: powerOf(sensors, supplies ?? []),
    ...enginesOf(engines),
  };
};

interface Sensor {
  readonly name: string;
  readonly kind: string | undefined;
  readonly isOk: boolean;
  readonly celsius: number | null;
}

/** Only the first item of a class names it; the others follow it. */
function withClasses(items: readonly Values<typeof sensor>[]): Sensor[] {
  let kind: string | undefined;
  return items.flatMap((one) => {
    kind = one.kind ?? kind;
    return one.name === null
      ? []
      : [{ name: one.name, kind, isOk: one.status === "OK", celsius: one.celsius }];
  });
}

function ofKind<T>(sensors: readonly Sensor[], kind: string, model: (one: Sensor) => T): [string, T][] {
  return sensors.filter((one) => one.kind === kind).map((one) => [one.name, model(one)]);
}

/** NAPALM holds every sensor against the limits that stand last, and has no temperatures where a device tells no limits. */
function temperaturesOf(sensors: readonly Sensor[], limits: Values<typeof threshold> | undefined) {
  if (!limits) return {};
  const all = ofKind(sensors, "Temp", ({ celsius }) => {
    const isOver = (limit: number | null) => celsius !== null && limit !== null && celsius >= limit;
    const isCritical = isOver(limits.red);
    return {
      temperature: celsius ?? 0,
      is_alert: isCritical || isOver(limits.yellow),
      is_critical: isCritical,
    };
  });
  return Object.fromEntries(all);
}

interface Supply {
  readonly status: boolean;
  readonly capacity: number;
  readonly output: number;
}

function* powerSupplies(): Asking<Values<typeof supply>[] | undefined> {
  // Platforms without such supplies refuse.
  const reply = yield* orNone(() => rpc("get-power-usage-information-detail"));
  return reply && supplyTable(reply).filter(({ name }) => name !== null);
}

/** The sensors' word, replaced by what the supplies themselves say. */
function powerOf(sensors: readonly Sensor[], supplies: readonly Values<typeof supply>[]) {
  const unknown = { capacity: -1, output: -1 };
  const power = new Map<string, Supply>(
    ofKind(sensors, "Power", ({ isOk }) => ({ ...unknown, status: isOk })).map(([name, model]) => [
      supplyName(name),
      model,
    ]),
  );
  for (const { name, isOnline, capacity, output } of supplies) {
    const key = supplyName(name ?? "");
    const known = power.get(key) ?? { ...unknown, status: false };
    power.set(key, {
      capacity: capacity ?? known.capacity,
      output: output ?? known.output,
      status: isOnline ?? known.status,
    });
  }
  return Object.fromEntries(power);
}

/** The same thing has two names. */
function supplyName(name: string): string {
  return name.replaceAll("PEM", "Power Supply");
}

function enginesOf(engines: readonly Values<typeof engine>[]) {
  const named = engines.filter(({ name }) => name !== null);
  const load = named.flatMap(({ name, idle }) => (idle === null ? [] : [[name, { "%usage": 100 - idle }]]));
  const memory = named.findLast(({ total }) => total !== null);
  return {
    cpu: Object.fromEntries(load),
    memory: memory ? memoryOf(memory) : { available_ram: -1, used_ram: -1 },
  };
}

/** Megabytes. Older releases give what is used in percent. */
function memoryOf({ total, used, percentage }: Values<typeof engine>) {
  const available = Number((total ?? "").replace(/\D/g, ""));
  return {
    available_ram: available,
    used_ram: used || roundHalfEven((available / 100) * (percentage ?? 0)),
  };
}

/** As Python rounds: halves go to the even neighbour. */
function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

const sensor = {
  name: text("name"),
  kind: text("class"),
  status: text("status"),
  celsius: integer("temperature/@celsius"),
};
const sensorTable = table("environment-item", sensor);

const threshold = { yellow: integer("yellow-alarm"), red: integer("red-alarm") };
const thresholdTable = table("temperature-threshold", threshold);

const supply = {
  name: text("name"),
  isOnline: is("state", "Online"),
  capacity: decimal("pem-capacity-detail/capacity-actual"),
  output: decimal("dc-output-detail/dc-power"),
};
const supplyTable = table("power-usage-item", supply);

const engine = {
  name: text("slot"),
  idle: integer("cpu-idle"),
  total: text("memory-dram-size|memory-system-total"),
  percentage: integer("memory-buffer-utilization"),
  used: integer("memory-system-total-used"),
};
const plainEngines = table("route-engine", engine);
const clusterEngines = table("multi-routing-engine-item/route-engine-information/route-engine", {
  ...engine,
  name: text("../../re-name"),
});
