import type { Cmdlet } from '../registry/cmdlet.ts'
import type { Entries } from './entries.ts'

/** The cmdlets of rights. `entries` = what each role has, known once every cmdlet is. */
export const roleCmdlets = (_entries: () => Entries): Cmdlet[] => []
