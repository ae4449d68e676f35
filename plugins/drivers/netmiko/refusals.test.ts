import { expect, test } from "vitest";
import { failedLine, failureRules } from "./failures.ts";
import { PlatformLibrary } from "./platforms.ts";

const library = new PlatformLibrary();

// How devices say no, as they print it.
const refusals: readonly (readonly [platform: string, ...answers: readonly string[]])[] = [
  ["a10", "% Unrecognized command.Invalid input detected at '^' marker."],
  ["adtran_os", "%Unrecognized command"],
  ["alcatel_aos", 'ERROR: Invalid entry: "foo"'],
  ["allied_telesis_awplus", "% Invalid input detected at '^' marker."],
  ["arista_eos", "% Invalid input", "% Incomplete command", "% Duplicate sequence number"],
  ["aruba_aoscx", "Invalid input: foo", "% Command incomplete."],
  ["aruba_os", "          ^\n% Invalid input detected at '^' marker."],
  ["audiocode_72", "Invalid command [foo]"],
  ["brocade_fos", "rbash: foo: command not found"],
  ["checkpoint_gaia", "CLINFR0329  Invalid command:'foo'."],
  ["ciena_saos", "SHELL PARSER FAILURE: 'foo' - invalid input"],
  ["cisco_asa", "ERROR: % Invalid input detected at '^' marker."],
  ["cisco_ftd", "Syntax error: Illegal command line"],
  [
    "cisco_ios",
    "     ^\n% Invalid input detected at '^' marker.",
    "% Incomplete command.",
    '% Ambiguous command:  "s"',
  ],
  ["cisco_nxos", "% Invalid command at '^' marker.", "ERROR: VLAN does not exist"],
  ["cisco_s300", "% Unrecognized command", "% bad parameter value"],
  ["cisco_viptela", "syntax error: unknown command"],
  ["cisco_wlc", "Incorrect usage.  Use the '?' or <TAB> key to list commands."],
  [
    "cisco_xr",
    "% Invalid input detected at '^' marker.",
    "% Failed to commit one or more configuration items",
  ],
  ["dell_force10", '% Error: Invalid input at "^" marker.'],
  ["dell_os10", "% Error: Unrecognized command."],
  ["dell_os6", "Command not found / Incomplete command. Use ? to list commands."],
  ["dell_sonic", "% Error: Invalid input detected at '^' marker."],
  ["dlink_ds", "Available commands:", "Next possible completions:"],
  ["eltex", "% Unrecognized command"],
  ["extreme_exos", "%% Invalid input detected at '^' marker.", "Error: VLAN foo does not exist"],
  ["extreme_slx", "syntax error: unknown command."],
  ["f5_tmsh", 'Syntax Error: unexpected argument "foo"', "01070734:3: Configuration error: no such pool"],
  ["flexvnf", "syntax error: unknown command", "[error][2024-01-01 00:00:00]"],
  ["fortinet", "Command fail. Return code -61", "command parse error before 'foo'", "Unknown action 0"],
  ["hp_comware", " % Unrecognized command found at '^' position."],
  ["hp_procurve", "Invalid input: foo", "Ambiguous input: s"],
  [
    "huawei",
    "Error: Unrecognized command found at '^' position.",
    "Error:Wrong parameter found at '^' position.",
  ],
  ["huawei_smartax", "% Unknown command, the error locates at '^'", "Failure: The VLAN does not exist"],
  ["ipinfusion_ocnos", "%% Invalid input detected at '^' marker."],
  [
    "juniper_junos",
    "        ^\nunknown command.",
    "        ^\nsyntax error.",
    "error: configuration check-out failed",
  ],
  ["linux", "bash: foo: command not found", "-bash: /x: Permission denied"],
  ["mellanox_mlnxos", '% Unrecognized command "foo".'],
  ["mikrotik_routeros", "bad command name foo (line 1 column 1)", "failure: already have such address"],
  ["nec_ix", "% foo -- Invalid command."],
  ["netapp_cdot", 'Error: "foo" is not a recognized command'],
  ["netgear_prosafe", "% Invalid input detected at '^' marker."],
  ["nokia_srl", "Parsing error: Unknown token 'foo'.", "Error: Path 'x' does not exist"],
  ["nokia_sros", "Error: Bad command.", "MINOR: MGMT_CORE #2201: Unknown element"],
  ["paloalto_panos", "Unknown command: foo", "Invalid syntax."],
  ["raisecom_ros", "Error input in the position marked by '^'.", '%  "foo"  Unknown command.'],
  ["ruckus_fastiron", "Invalid input -> foo", "Incomplete command.", "Error - vlan does not exist"],
  ["ruijie_os", "% Unknown command.", "% Invalid input detected at '^' marker."],
  ["sixwind_os", "Invalid command"],
  ["tplink_jetstream", "Error: Invalid command."],
  ["ubiquiti_edgerouter", "The specified configuration node is not valid\nSet failed"],
  ["vyos", "Invalid command: [foo]", "  Configuration path: [foo] is not valid\n  Set failed"],
  ["yamaha", "Error: Invalid command name"],
  ["zte_zxros", "%Error 20200: Invalid input detected at '^' marker."],
];

test.each(refusals.flatMap(([name, ...answers]) => answers.map((answer) => [name, answer] as const)))(
  "%s refuses with %j",
  (name, answer) => {
    const platform = library.find(name);
    expect(platform && failedLine(answer, failureRules(platform))).toBeDefined();
  },
);

test("what a platform declares harmless is no refusal, although it looks like one", () => {
  const platform = library.find("vyos");
  expect(
    platform && failedLine("Configuration path: [x] has already been set", failureRules(platform)),
  ).toBeUndefined();
});
