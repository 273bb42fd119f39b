import type { CommandRow } from '../language/command-row.ts'
import { objectRows } from './objects.ts'

/** Every command that runs in the shell itself. */
export const commandRows: readonly CommandRow[] = [...objectRows]
