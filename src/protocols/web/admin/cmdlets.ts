import { z } from 'zod'
import { describe } from '#admin'
import { verb } from '../verb.ts'

/** The cmdlets that the caller may run, each with the parameters that the caller may use: forms, pages and the shell derive from them. */
export const cmdlets = verb(z.object({}), async ({ admin, caller }) => (await admin.cmdletsFor(caller)).map(describe))
