/** Files to and from devices over SSH. A driver needs `transferFiles` and what its devices can be asked about files. */
export {
  type FileCommands,
  fileCommandsSchema,
  noFileCommands,
  posixFileCommands,
} from "./file-commands.ts";
export { type TransferPeer, transferFiles } from "./transfer.ts";
