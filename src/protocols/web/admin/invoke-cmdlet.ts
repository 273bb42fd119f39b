import { z } from 'zod'
import { marked } from '#shell'
import { verb } from '../verb.ts'

const mostObjects = 5000
/** Characters of the objects of one answer, after which it ends even if it is not full. */
const mostText = 8 * 1024 * 1024
const mostWarnings = 1000

/** What runs a cmdlet. */
export const command = z.object({
  name: z.string().min(1).max(256),
  parameters: z
    .record(z.string().max(256), z.unknown())
    .refine((given) => Object.keys(given).length <= 500, 'at most 500 parameters')
    .default({}),
})
const input = command.extend({
  /** Objects that are wanted at most; of what is beyond them the answer says that it is there. */
  limit: z.number().int().min(1).max(mostObjects).default(1000),
})

/**
 * Runs a cmdlet as the caller, by the only way in, and gives its first objects with the marks of their types. Whoever leaves ends it.
 * Nobody is asked here: the client asks before it takes something away.
 */
export const invokeCmdlet = verb(input, async ({ admin, caller, request }, { name, parameters, limit }) => {
  const { signal } = request
  const warnings: string[] = []
  const warn = (text: string) => void (warnings.length < mostWarnings && warnings.push(text))
  const objects: Record<string, unknown>[] = []
  let text = 0
  let more = false
  for await (const object of admin.invoke(caller, name, parameters, { warn, signal })) {
    if (objects.length === limit || text >= mostText) {
      more = true
      break
    }
    const one = marked(object)
    text += JSON.stringify(one).length
    objects.push(one)
  }
  return { objects, warnings, more }
})
