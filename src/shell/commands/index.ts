import type { CommandRow } from '../language/command-row.ts'
import { fileRows } from './files.ts'
import { helpRows } from './help.ts'
import { objectRows } from './objects.ts'
import { orderRows } from './order.ts'
import { pathRows } from './paths.ts'
import { preambleRows } from './preamble.ts'
import { sessionRows } from './session.ts'
import { showRows } from './show.ts'
import { textRows } from './texts.ts'

/** Every command that runs in the shell itself. */
export const commandRows: readonly CommandRow[] = [...objectRows, ...orderRows, ...showRows, ...fileRows, ...pathRows, ...textRows, ...sessionRows, ...preambleRows, ...helpRows] // prettier-ignore
