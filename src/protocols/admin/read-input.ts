import { z } from 'zod'
import { Refusal } from '#model'

const command = z.object({
  CmdletInput: z.object({ CmdletName: z.string().min(1).max(256), Parameters: z.record(z.string().max(256), z.unknown()).default({}) }),
})
const line = z.object({ Line: z.string() })
const deepest = 8

/** `{ CmdletInput: { CmdletName, Parameters } }`; type marks of OData in the parameters are left out. Anything else → InvalidRequest. */
export function readCommand(body: unknown): { name: string; parameters: Record<string, unknown> } {
  const { CmdletInput } = shaped(command, body, '{ CmdletInput: { CmdletName, Parameters } }')
  return { name: CmdletInput.CmdletName, parameters: withoutMarks(CmdletInput.Parameters, 0) as Record<string, unknown> }
}

/** `{ Line }`: one command line. Anything else → InvalidRequest. */
export function readLine(body: unknown): string {
  return shaped(line, body, '{ Line }').Line
}

/** A JSON body of this content type; anything else → InvalidRequest. */
export function readJson(contentType: string | undefined, body: Buffer): unknown {
  if (!/^application\/json\s*(;|$)/i.test(contentType ?? '')) {
    throw new Refusal('InvalidRequest', 'The body must be application/json.')
  }
  try {
    return JSON.parse(body.toString('utf8')) as unknown
  } catch (error) {
    if (error instanceof SyntaxError) throw new Refusal('InvalidRequest', 'The body is no JSON.')
    throw error
  }
}

function shaped<T>(schema: z.ZodType<T>, body: unknown, expected: string): T {
  const result = schema.safeParse(body)
  if (result.success) return result.data
  const { path = [] } = result.error.issues[0] ?? {}
  throw new Refusal('InvalidRequest', `The body must be ${expected}${path.length ? `; ${path.join('/')} is not right` : ''}.`)
}

/** `"DomainNames@odata.type": "#Collection(String)"` and the `@odata.type` of tables say what the value shows by itself. */
function withoutMarks(value: unknown, depth: number): unknown {
  if (depth > deepest) throw new Refusal('InvalidRequest', 'The parameters are nested too deep.')
  if (Array.isArray(value)) return value.map((each) => withoutMarks(each, depth + 1))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !name.endsWith('@odata.type'))
      .map(([name, each]) => [name, withoutMarks(each, depth + 1)]),
  )
}
