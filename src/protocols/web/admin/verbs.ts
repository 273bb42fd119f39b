import { cmdlets } from './cmdlets.ts'
import { invokeCmdlet } from './invoke-cmdlet.ts'

/** What the admin centre asks. */
export const adminVerbs = { cmdlets, invokeCmdlet }
