import type { Rights, Roles } from '#access'
import type { Configuration, Directory } from '#directory'
import type { Caller, Instant } from '#model'
import type { KeyRing } from '#trust'
import type { CmdletContext, ProgressRecord } from './registry/cmdlet.ts'
import type { Reach } from './rights.ts'
import { scopedDirectory, type Guards } from './scoped-directory.ts'

interface Rooms {
  directory: Directory
  configuration: Configuration
  keyRing: KeyRing
  roles: Roles
  clock: () => Instant
  /** The one way in. */
  run: (caller: Caller, name: string, args: Readonly<Record<string, unknown>>, options: Options) => AsyncIterable<object>
}

interface Options {
  warn?: (message: string) => void
  progress?: (record: ProgressRecord) => void
  signal?: AbortSignal
}

/** What one invocation works with: the rooms, held to what the caller may. */
export function contextFor(
  { directory, configuration, keyRing, roles, clock, run }: Rooms,
  caller: Caller,
  rights: Rights | undefined,
  reach: Reach,
  guards: Guards,
  options: Options,
): CmdletContext {
  const { warn = () => undefined, signal = new AbortController().signal } = options
  return {
    caller,
    organisation: caller.organisation,
    directory: scopedDirectory(directory, caller, reach, guards),
    configuration,
    keyRing,
    roles,
    ...(rights ? { rights } : {}),
    clock,
    warn,
    progress: options.progress ?? (() => undefined),
    followed: options.progress !== undefined,
    invoke: async (name, args) => (await Array.fromAsync(run(caller, name, args, { warn, signal }))) as Record<string, unknown>[],
    mayChange: guards.mayChange,
    signal,
  }
}
