import { z } from 'zod'
import type { HttpRequest } from '#access'
import { Refusal } from '#model'
import { pageSizes } from './pages.ts'

const command = z.object({
  CmdletInput: z.object({ CmdletName: z.string().min(1).max(256), Parameters: z.record(z.string().max(256), z.unknown()).default({}) }),
})
const deepest = 8
const mostSelected = 200

/** `{ CmdletInput: { CmdletName, Parameters } }`; type marks of OData in the parameters are left out. Anything else → InvalidRequest. */
export function readCommand(body: unknown): { name: string; parameters: Record<string, unknown> } {
  const { CmdletInput } = shaped(command, body, '{ CmdletInput: { CmdletName, Parameters } }')
  return { name: CmdletInput.CmdletName, parameters: withoutMarks(CmdletInput.Parameters, 0) as Record<string, unknown> }
}

/** A JSON body of this content type; anything else → InvalidRequest. */
export function readJson({ headers, body }: Pick<HttpRequest, 'headers' | 'body'>): unknown {
  if (!/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')) {
    throw new Refusal('InvalidRequest', 'The body must be application/json.')
  }
  try {
    return JSON.parse(body.toString('utf8')) as unknown
  } catch (error) {
    if (error instanceof SyntaxError) throw new Refusal('InvalidRequest', 'The body is no JSON.')
    throw error
  }
}

/** How the caller wants the answer. */
export interface Wanted {
  /** Line by line as objects come, not in pages. */
  stream: boolean
  size: number
  select?: ReadonlySet<string>
  /** Continues where a page ended. */
  token?: string
}

/**
 * What the headers and the query say: `Accept: application/x-ndjson`, `Prefer: odata.maxpagesize=500` (brought to what a page may have),
 * `$select=Name,Alias`, `$skiptoken=…`. `X-ResponseFormat` other than json → InvalidRequest.
 */
export function readWanted({ headers, url }: Pick<HttpRequest, 'headers' | 'url'>): Wanted {
  const format = headers['x-responseformat']
  if (format !== undefined && String(format).toLowerCase() !== 'json') {
    throw new Refusal('InvalidRequest', 'Answers are JSON here: X-ResponseFormat can only be json.')
  }
  const size = /(?:^|[,;\s])(?:odata\.)?maxpagesize\s*=\s*"?(\d{1,9})"?/i.exec(String(headers.prefer ?? ''))?.[1]
  const select = url.searchParams.get('$select')?.split(',', mostSelected).map((name) => name.trim().toLowerCase()) // prettier-ignore
  const token = url.searchParams.get('$skiptoken')
  return {
    stream: /^\s*application\/x-ndjson\s*(;|,|$)/i.test(headers.accept ?? ''),
    size: Math.min(pageSizes.most, Math.max(pageSizes.least, size === undefined ? pageSizes.usual : Number(size))),
    ...(select ? { select: new Set(select) } : {}),
    ...(token === null ? {} : { token }),
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
      .filter(([name]) => !/@(odata|data)\.type$/.test(name))
      .map(([name, each]) => [name, withoutMarks(each, depth + 1)]),
  )
}
