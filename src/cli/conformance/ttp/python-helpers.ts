import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/**
 * The release of ttp_templates whose Python helpers give the recorded answers. Later ones describe addresses and BGP neighbours in
 * another form.
 */
const RELEASE = "ttp_templates==0.6.5";
const FOLDER = ".cache/conformance-python";

/**
 * The folder of ttp_templates, whose helpers macros import: `TTP_TEMPLATES` where that is set, else installed by pip at first. Undefined
 * where there is no pip or no network; macros that import helpers fail then.
 */
export function helpersFolder(): string | undefined {
  const given = process.env.TTP_TEMPLATES;
  if (given !== undefined && given !== "") return given;
  const folder = `${FOLDER}/ttp_templates`;
  if (!existsSync(folder)) {
    const args = ["-m", "pip", "install", "--quiet", "--no-deps", "--target", FOLDER, RELEASE];
    spawnSync("python3", args, { stdio: ["ignore", "ignore", "inherit"], timeout: 120_000 });
  }
  return existsSync(folder) ? folder : undefined;
}
