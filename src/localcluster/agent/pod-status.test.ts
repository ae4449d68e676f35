import { describe, expect, test } from "vitest";
import { type ContainerView, podStatus } from "./pod-status.ts";

const NOW = Date.parse("2030-01-01T00:00:00Z");

function view(state: Partial<ContainerView>): ContainerView {
  return {
    status: { name: "c" },
    ready: false,
    finished: false,
    exitCode: undefined,
    running: false,
    ...state,
  };
}

const phaseOf = (...views: ContainerView[]) => podStatus({ metadata: {} }, views, NOW).phase;
const ended = (exitCode: number) => view({ finished: true, exitCode });

describe("phase", () => {
  test.each([
    ["Pending", [view({})]],
    ["Running", [view({ running: true })]],
    ["Running", [view({ exitCode: 1 })]], // it has run and will be started again
    ["Running", [ended(0), view({ running: true })]],
    ["Succeeded", [ended(0), ended(0)]],
    ["Failed", [ended(0), ended(1)]],
  ])("%s", (phase, views) => {
    expect(phaseOf(...views)).toBe(phase);
  });

  test("a pod that has run is not pending again", () => {
    expect(podStatus({ metadata: {}, status: { phase: "Running" } }, [view({})], NOW).phase).toBe("Running");
  });
});

test("a pod is ready when all of its containers are; the time of a condition is that of its last change", () => {
  const earlier = "2029-12-31T00:00:00Z";
  const pod = {
    metadata: {},
    status: {
      conditions: [
        { type: "Ready", status: "False", lastTransitionTime: earlier },
        { type: "Initialized", status: "True", lastTransitionTime: earlier },
      ],
    },
  };
  const status = podStatus(pod, [view({ running: true, ready: true })], NOW);

  expect(status.conditions).toContainEqual({
    type: "Ready",
    status: "True",
    lastTransitionTime: "2030-01-01T00:00:00Z",
  });
  expect(status.conditions).toContainEqual({
    type: "Initialized",
    status: "True",
    lastTransitionTime: earlier,
  });
});
