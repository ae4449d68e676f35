import { type NxosGetter, text } from "../nxos/request.ts";
import { InvalidValue } from "../values/invalid-value.ts";

/** Transceivers by port. NX-OS tells the present value of each power, no average, least or most. */
export const getOptics: NxosGetter = function* () {
  const output = yield* text("show interface transceiver details");
  const ports = output.split(/^(?=Ether)/m).filter((block) => block.startsWith("Ether"));
  return Object.fromEntries(ports.filter((block) => !ABSENT.test(block)).map(portOf));
};

const ABSENT = /transceiver is not (?:present|applicable)/;

function portOf(block: string) {
  const [name = ""] = block.split("\n", 1);
  return [
    name.trimEnd(),
    {
      physical_channels: { channel: block.includes("DOM is not supported") ? [] : [channelOf(block)] },
      state: {
        vendor: textOf(block, VENDOR),
        vendor_part: textOf(block, PART),
        vendor_rev: textOf(block, REVISION),
        serial_no: textOf(block, SERIAL),
        connector_type: CONNECTORS[textOf(block, TYPE)] ?? "Unknown",
      },
    },
  ] as const;
}

function channelOf(block: string) {
  const power = (pattern: RegExp) => ({ instant: measured(block, pattern), avg: -100, min: -100, max: -100 });
  return {
    index: 0,
    state: {
      input_power: power(RX_POWER),
      output_power: power(TX_POWER),
      laser_bias_current: { instant: measured(block, CURRENT), avg: 0, min: 0, max: 0 },
    },
  };
}

function textOf(block: string, pattern: RegExp): string {
  const value = pattern.exec(block)?.[1];
  if (value === undefined)
    throw new InvalidValue(
      "a transceiver with its maker, part, revision, number and type",
      block.slice(0, 200),
    );
  return value.trim();
}

const VENDOR = /name is (.*)$/m;
const PART = /part number is (.*)$/m;
const REVISION = /revision is (.*)$/m;
const SERIAL = /serial number is (.*)$/m;
const TYPE = /type is (.*)$/m;

/** -100 where a port is shut or dark, which the device writes as `N/A`. */
function measured(block: string, pattern: RegExp): number {
  const found = pattern.exec(block);
  if (!found) throw new InvalidValue("a transceiver with its powers", block.slice(0, 200));
  const number = Number(found[1] ?? Number.NaN);
  return Number.isNaN(number) ? -100 : number;
}

// The units tell a value from the heads of the table, which say Current too.
const RX_POWER = /Rx Power +(?:(\S+) +dBm|N.A)/;
const TX_POWER = /Tx Power +(?:(\S+) +dBm|N.A)/;
const CURRENT = /Current +(?:(\S+) +mA|N.A)/;

const CONNECTORS: Readonly<Record<string, string>> = {
  "1000base-LH": "LC_CONNECTOR",
  "1000base-SX": "LC_CONNECTOR",
  "1000base-T": "Unknown",
  "10Gbase-LR": "LC_CONNECTOR",
  "10Gbase-SR": "LC_CONNECTOR",
  "SFP-H10GB-CU1M": "DAC_CONNECTOR",
  "SFP-H10GB-CU1.45M": "DAC_CONNECTOR",
  "SFP-H10GB-CU3M": "DAC_CONNECTOR",
  "SFP-H10GB-CU3.45M": "DAC_CONNECTOR",
};
