/**
 * Simulated network devices for the quick start and for tests.
 *
 * @module
 */
export { newHostKey, type SimulatedDevice, type SimulationOptions, simulate } from "./simulate.ts";
