/**
 * Makes `netpulse/plugin` and its siblings resolve in a program of one's own, such as a test of a plugin that lies outside
 * this package:
 *
 *     node --import /path/to/netpulse/src/plugin/register.ts check.ts
 *
 * @module
 */
import { resolvePluginImports } from "./resolve.ts";

resolvePluginImports();
