import { expect, test } from "vitest";
import { missingLines } from "./config-diff.ts";

const running = `version 15.2
hostname r1
interface Gi1
 description a
 shutdown
!
ip route 0.0.0.0 0.0.0.0 10.0.0.1
end`;

test.each([
  [["hostname r1"], ""],
  [["hostname r2"], "+ hostname r2"],
  [["interface Gi1", "description a"], ""],
  [["interface Gi1", "description b"], "  interface Gi1\n+  description b"],
  [["interface Gi1", "no shutdown"], "  interface Gi1\n-  shutdown"],
  [["interface Gi9", " description new"], "+ interface Gi9\n+  description new"],
  [
    ["interface Gi1", " mtu 9000", "ip route 1.0.0.0 255.0.0.0 10.0.0.1"],
    "  interface Gi1\n+  mtu 9000\n+ ip route 1.0.0.0 255.0.0.0 10.0.0.1",
  ],
  [["no ip route 0.0.0.0 0.0.0.0"], "- ip route 0.0.0.0 0.0.0.0 10.0.0.1"],
  [["no ip http server", "! a comment", ""], ""],
])("%j changes %j", (lines, diff) => {
  expect(missingLines(running, lines)).toBe(diff);
});
