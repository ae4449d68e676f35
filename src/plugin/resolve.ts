import { registerHooks } from "node:module";

/**
 * What plugins import from this package, by the name they use. A plugin may lie anywhere on disk, where Node would not find
 * the package, or would find a second copy of it whose base classes are other classes.
 */
export const ENTRY_POINTS: Readonly<Record<string, string>> = {
  "netpulse/plugin": new URL("./index.ts", import.meta.url).href,
  "netpulse/device": new URL("../device/index.ts", import.meta.url).href,
  "netpulse/python": new URL("../python/index.ts", import.meta.url).href,
  "netpulse/textfsm": new URL("../../plugins/templates/textfsm/engine.ts", import.meta.url).href,
  "netpulse/ttp": new URL("../../plugins/templates/ttp/engine.ts", import.meta.url).href,
  "netpulse/jinja2": new URL("../../plugins/templates/jinja2/engine.ts", import.meta.url).href,
};

let registered = false;

/**
 * Makes `netpulse/…` mean this very package for every module of this thread, so that a plugin's base class is the class
 * that the registry compares with. Calling it again changes nothing.
 */
export function resolvePluginImports(): void {
  if (registered) return;
  registered = true;
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const url = ENTRY_POINTS[specifier];
      return url ? { url, shortCircuit: true } : nextResolve(specifier, context);
    },
  });
}
