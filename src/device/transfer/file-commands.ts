import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const pattern = z.string().refine(
  (source) => {
    try {
      new RegExp(source);
      return true;
    } catch {
      return false;
    }
  },
  { error: "is not a JavaScript regular expression" },
);

/**
 * A command line and where its answer has what is asked for. `{path}`, `{target}`, `{folder}` (that the path is in) and `{filesystem}` (`flash:` of
 * `flash:/x`) are filled in.
 */
const question = z.strictObject({ send: z.string().min(1), match: pattern });
/** A command line that does something; an answer that matches `fails` is a refusal. */
const action = z.strictObject({ send: z.string().min(1), fails: pattern.default("(?!)") });

/**
 * What a platform can be asked about files on its command line. `match` names its groups: `hex` in `checksum`; `free` in `freeSpace`; `type`
 * (`d`: a folder, `l`: a link) and `size` in `entry`, where `{name}` stands for the file's name.
 */
export const fileCommandsSchema = z.strictObject({
  /** How a path is written in a command: in quotes of a POSIX shell, or as it is, and then only if it has plain characters. */
  quoting: z.enum(["posix", "none"]).default("none"),
  /** Files go over a connection of their own: the device gives a connection one channel, or breaks it when asked for another. */
  ownConnection: z.boolean().default(true),
  /** Whether it is worth a login to find out if there is an SFTP server. */
  sftp: z.boolean().default(true),
  /** The first one that the device answers is taken. */
  checksum: z.array(question.extend({ algorithm: z.enum(["sha256", "md5"]) })).default([]),
  /** Free space, in units of so many bytes. */
  freeSpace: question.extend({ unit: z.number().int().positive().default(1) }).optional(),
  entry: question.extend({ missing: pattern }).optional(),
  remove: action.optional(),
  replace: action.optional(),
  makeFolder: action.optional(),
  /** Paths below `{path}`, one a line. */
  files: z.string().optional(),
  folders: z.string().optional(),
  links: z.string().optional(),
  /** How SCP is switched on; said when the device has it not. */
  scpRemedy: z.string().optional(),
});

/** What a platform can be asked about files. */
export type FileCommands = z.output<typeof fileCommandsSchema>;

export const noFileCommands: FileCommands = fileCommandsSchema.parse({});

/** The commands of a POSIX shell. */
export const posixFileCommands: FileCommands = fileCommandsSchema.parse(
  parse(readFileSync(join(import.meta.dirname, "posix.yaml"), "utf8")),
);
