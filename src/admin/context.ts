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
}

interface Options {
  warn?: (message: string) => void
  progress?: (record: ProgressRecord) => void
  signal?: AbortSignal
}

/** What one invocation works with: the rooms, held to what the caller may. */
export function contextFor(
  { directory, configuration, keyRing, roles, clock }: Rooms,
  caller: Caller,
  rights: Rights | undefined,
  reach: Reach,
  guards: Guards,
  options: Options,
): CmdletContext {
  return {
    caller,
    organisation: caller.organisation,
    directory: scopedDirectory(directory, caller, reach, guards),
    configuration,
    keyRing,
    roles,
    ...(rights ? { rights } : {}),
    clock,
    warn: options.warn ?? (() => undefined),
    progress: options.progress ?? (() => undefined),
    mayChange: guards.mayChange,
    signal: options.signal ?? new AbortController().signal,
  }
}
