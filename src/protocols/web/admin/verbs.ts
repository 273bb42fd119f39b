import { cmdlets } from './cmdlets.ts'
import { followCmdlet } from './follow-cmdlet.ts'
import { invokeCmdlet } from './invoke-cmdlet.ts'

/** What the admin centre asks. */
export const adminVerbs = { cmdlets, invokeCmdlet, followCmdlet }
