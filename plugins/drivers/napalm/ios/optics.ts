import { canonicalInterfaceName } from "../values/interface-name.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { type Asking, answer, columns, type IosGetter, isRefusal, output } from "./request.ts";

/** Light of transceivers. IOS tells the present values only; a port that is down has no power: -100 dBm. */
export const getOptics: IosGetter = function* () {
  const tables = yield* transceivers();
  return Object.fromEntries(tables.flatMap(rowsOf).map(opticOf));
};

/** Two switches that act as one want to be asked one by one. A device without the command has no transceivers. */
function* transceivers(): Asking<string[]> {
  const command = "show interfaces transceiver";
  const all = yield* answer({ command });
  if (!isRefusal(all)) return [all];
  if (!all.includes("% Incomplete command")) return [];
  const mode = yield* answer({ command: "show switch virtual" });
  if (!/^Switch mode *: Virtual Switch/m.test(mode)) return [];
  return [yield* output(`${command} switch 1`), yield* output(`${command} switch 2`)];
}

/** The lines below the rule of the table. */
function rowsOf(table: string): string[] {
  const [, rows = ""] = table.split(/^---------.*$/m);
  return rows.split("\n").filter((line) => /^\s*[A-Za-z]+\d/.test(line));
}

/** Port, temperature, voltage, current (not always), power sent, power received; and marks of alarms. */
function opticOf(row: string) {
  const cells = columns(row).filter((cell) => !ALARM.test(cell));
  const [port, ...values] = cells;
  if (port === undefined || cells.length < 5) throw new InvalidValue("a transceiver", row);
  const [current, sent, received] = cells.length === 5 ? ["0", values[2], values[3]] : values.slice(2, 5);
  const state = {
    input_power: { instant: power(received), avg: DARK, min: DARK, max: DARK },
    output_power: { instant: power(sent), avg: DARK, min: DARK, max: DARK },
    laser_bias_current: { instant: numberOr(0, current), avg: 0, min: 0, max: 0 },
  };
  return [canonicalInterfaceName(port), { physical_channels: { channel: [{ index: 0, state }] } }] as const;
}

const ALARM = /^(?:\+\+?|--?)$/;
const DARK = -100;
const power = (text: string | undefined) => numberOr(DARK, text);

function numberOr(otherwise: number, text: string | undefined): number {
  return text !== undefined && /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : otherwise;
}
