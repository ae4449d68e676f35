import type { GroupId } from "./group.ts";
import type { Match, ResultRecord } from "./results.ts";

/**
 * Of several matches at one place the one that counts: `_start_` lines before other start lines, these before normal and end
 * lines, `_line_` last; among equals the group that is being collected, then a group within it or within a started one.
 */
export function chooseMatch(
  matches: readonly Match[],
  record: ResultRecord,
  started: readonly GroupId[],
): Match | undefined {
  if (matches.length <= 1) return matches[0];
  const lines = matches.filter((match) => match.line.isLine);
  const others = matches.filter((match) => !match.line.isLine);
  const emptyStarts = others.filter((match) => match.line.action === "startempty");
  if (emptyStarts.length > 0) return chooseStart(emptyStarts, record, started);
  const starts = others.filter((match) => match.line.action === "start");
  if (starts.length > 0) return chooseStart(starts, record, started);
  if (others.length > 0) return chooseNormal(others, record, started);
  return lines.find((match) => match.line.group.id === record.groupId) ?? lines.at(-1);
}

/** Refused matches count only when there is nothing else: then the last one, which ends its group. */
function chooseStart(
  starts: readonly Match[],
  record: ResultRecord,
  started: readonly GroupId[],
): Match | undefined {
  const accepted = starts.filter((match) => match.result !== false);
  return (
    accepted.find((match) => match.line.group.id === record.groupId) ??
    accepted.find(({ line: { group } }) => {
      const within = record.groupId !== undefined && group.idName.startsWith(record.groupName);
      return within || (group.parentId !== undefined && started.includes(group.parentId));
    }) ??
    starts.at(-1)
  );
}

function chooseNormal(
  normal: readonly Match[],
  record: ResultRecord,
  started: readonly GroupId[],
): Match | undefined {
  return (
    normal.find((match) => match.line.group.id === record.groupId) ??
    normal.find((match) => started.includes(match.line.group.id)) ??
    normal.at(-1)
  );
}
