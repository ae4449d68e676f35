import { expect, test } from "vitest";
import { deviceErrors } from "../errors/device.ts";
import { PresetMemory } from "./ssh-preset.ts";

const mismatch = () =>
  Promise.reject(deviceErrors.NoCommonAlgorithm({ device: "r1", why: "no matching cipher" }));

test("older algorithms are tried only after the newer ones failed, and remembered for the host", async () => {
  const memory = new PresetMemory();
  const tried: string[] = [];
  const told: string[] = [];
  const connect = () =>
    memory.connect(
      "r1:22",
      "legacy",
      (preset) => {
        tried.push(preset);
        return preset === "legacy" ? Promise.resolve("in") : mismatch();
      },
      (preset) => told.push(preset),
    );
  await connect();
  await connect();
  expect(tried).toEqual(["modern", "compatible", "legacy", "legacy"]);
  expect(told).toEqual(["legacy"]);
});

test("nothing older than allowed is tried", async () => {
  const tried: string[] = [];
  const attempt = (preset: string) => {
    tried.push(preset);
    return mismatch();
  };
  await expect(new PresetMemory().connect("r1:22", "compatible", attempt, () => {})).rejects.toMatchObject({
    code: "NoCommonAlgorithm",
  });
  expect(tried).toEqual(["modern", "compatible"]);
});

test("any other failure ends it", async () => {
  const attempt = () => Promise.reject(new Error("refused"));
  await expect(new PresetMemory().connect("r1:22", "legacy", attempt, () => {})).rejects.toThrow("refused");
});
