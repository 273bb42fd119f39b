import { z } from 'zod'

/** Numbers of the items that people have chosen in a list. */
export const chosenItems = z.array(z.number().int().positive().max(Number.MAX_SAFE_INTEGER)).min(1).max(200)
