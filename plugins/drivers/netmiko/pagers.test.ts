import { expect, test } from "vitest";
import { PlatformLibrary } from "./platforms.ts";
import { PAGER } from "./questions.ts";

const library = new PlatformLibrary();

// What stands in the last line when output waits for a key.
const stops: readonly (readonly [platform: string, line: string])[] = [
  ["dlink_ds", "CTRL+C ESC q Quit SPACE n Next Page ENTER Next Entry a All"],
  ["huawei", "  ---- More ----"],
  ["fortinet", "--More--"],
  ["zte_zxros", " --More--"],
  ["hp_procurve", "-- MORE --, next page: Space, next line: Enter, quit: Control-C"],
  ["juniper_junos", "---(more)---"],
  ["juniper_junos", "---(more 34%)---"],
  ["extreme_exos", "Press <SPACE> to continue or <Q> to quit:"],
  ["mikrotik_routeros", "-- [Q quit|D dump|down]"],
  ["mikrotik_routeros", "-- [Q quit|D dump|right|down]"],
  ["nokia_sros", "Press any key to continue (Q to quit)"],
  ["a10", "--MORE--"],
  ["ruckus_fastiron", "--More--, next page: Space, next line: Return key, quit: Control-c"],
  ["paloalto_panos", "lines 1-23"],
  ["checkpoint_gaia", "-- More --"],
  ["brocade_fos", "Type <CR> or <RETURN> to continue, Q<CR> or Q<RETURN> to stop:"],
  ["netgear_prosafe", "--More-- or (q)uit"],
  ["f5_tmsh", "---(less 40%)---"],
  ["f5_tmsh", "lines 1-24"],
  ["cisco_wlc", "Press Enter to continue or <ctrl-z> to abort"],
  ["cisco_wlc", "--More-- or (q)uit"],
  ["allied_telesis_awplus", "--More--"],
  ["eltex", "More: <space>,  Quit: q or CTRL+Z, One line: <return>"],
  ["cisco_s300", "More: <space>,  Quit: q or CTRL+Z, One line: <return>"],
  ["dell_powerconnect", "More: <space>,  Quit: q, One line: <return>"],
  ["huawei_smartax", "---- More ( Press 'Q' to break ) ----"],
  ["cisco_asa", "<--- More --->"],
  ["cisco_viptela", "--More--"],
  ["adtran_os", "--MORE--"],
  ["yamaha", "---つづく---"],
  ["yamaha", "---more---"],
  ["tplink_jetstream", "Press any key to continue (Q to quit)"],
  ["alcatel_aos", "More? [next screen <sp>, next line <cr>, filter pattern </>, quit </q>]"],
  ["hirschmann_hios", "--More-- or (q)uit"],
  ["ciena_saos", "--more--"],
  ["mellanox_mlnxos", "lines 1-23"],
  ["extreme_vsp", "--More-- (q = quit)"],
  ["juniper_screenos", "--- more ---"],
  ["oneaccess_oneos", "--More--"],
  ["zyxel_os", "-- more --, next page: Space, continue: c, quit: ESC"],
  ["netapp_cdot", "Press <space> to page down, <return> for next line, or 'q' to quit..."],
  ["supermicro_smis", "--More--"],
  ["aruba_os", "--More-- (q) quit (u) pageup (/) search (n) repeat"],
  ["ubiquiti_edgeswitch", "--More-- or (q)uit"],
  ["dell_os10", "--more--"],
  ["keymile", "<more>"],
];

test.each(stops)("%s stops output with %j", (name, line) => {
  const own = library.find(name)?.pagers ?? [];
  expect(PAGER.test(line) || own.some(({ prompt }) => new RegExp(prompt).test(line))).toBe(true);
});

test("a prompt is no pager, and neither is a line of output about more", () => {
  for (const line of ["r1#", "user@r1> ", "10 more routes", "more details", "more", "- more", "-- more text"])
    expect(PAGER.test(line)).toBe(false);
});
