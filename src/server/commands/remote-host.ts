import { parsedJson, Refusal, refusalKinds, type RefusalCode } from '#model'
import { argumentsOf, thingOf, type CmdletDescription, type CmdletHost, type Invocation, type Value } from '#shell'
import type { Send, Sent } from './admin-send.ts'
import { readDescriptions, readLine, readProblem, type ToldProblem } from './remote-answer.ts'

export interface RemoteHostNeeds {
  send: Send
  /** GUID, name or domain; `default` at the socket is the site's first organisation. */
  organisation: string
}

/** Bytes of one line of an answer, and of an answer that is no stream. */
const longest = 64 * 1024 * 1024

/** A site's cmdlets for the shell: what the caller may run, and running it there, object by object. */
export function remoteHost(needs: RemoteHostNeeds): CmdletHost {
  const base = `/adminapi/v2.0/${encodeURIComponent(needs.organisation)}`
  let known: { etag: string; cmdlets: readonly CmdletDescription[] } | undefined

  async function describe(): Promise<readonly CmdletDescription[]> {
    const headers = { accept: 'application/json', ...(known ? { 'if-none-match': known.etag } : {}) }
    const sent = await needs.send({ method: 'GET', path: `${base}/Cmdlets`, headers })
    const text = await textOf(sent)
    if (sent.status === 304 && known) return known.cmdlets
    if (sent.status !== 200) throw refusalOf(sent.status, text)
    const cmdlets = readDescriptions(parsedJson(text))
    if (!cmdlets) throw unreadable()
    known = { etag: String(sent.headers.etag ?? ''), cmdlets }
    return known.cmdlets
  }

  async function* invoke(name: string, parameters: ReadonlyMap<string, Value>, invocation: Invocation): AsyncGenerator<Value> {
    const cmdlets = known?.cmdlets ?? (await describe())
    const cmdlet = cmdlets.find((each) => each.name.toLowerCase() === name.toLowerCase())
    const CmdletInput = { CmdletName: name, Parameters: argumentsOf(name, cmdlet?.parameters ?? [], parameters) }
    const run: RemoteRun = { body: { CmdletInput }, ...invocation }
    let type: string | undefined
    for await (const one of objectsFrom(needs, run, (kind) => (type = kind))) yield thingOf(one, type)
  }

  return { describe, invoke }
}

export interface RemoteRun extends Invocation {
  body: object
}

/**
 * Runs something on a site; its objects as they come, with their marks. Refusals are thrown as they are; an answer that breaks off →
 * RequestAborted.
 */
export async function* objectsFrom(
  { send, organisation }: RemoteHostNeeds,
  { body, signal, warn, progress: tell }: RemoteRun,
  kind: (type: string) => void = () => undefined,
): AsyncGenerator<Record<string, unknown>> {
  signal.throwIfAborted()
  const headers = { accept: 'application/x-ndjson', 'content-type': 'application/json' }
  const path = `/adminapi/v2.0/${encodeURIComponent(organisation)}/InvokeCommand`
  try {
    const sent = await send({ method: 'POST', path, headers, body: JSON.stringify(body), signal })
    if (sent.status !== 200) throw refusalOf(sent.status, await textOf(sent))
    for await (const text of linesOf(sent.body)) {
      signal.throwIfAborted()
      const line = readLine(parsedJson(text))
      if (!line) throw unreadable()
      if ('object' in line) yield line.object
      else if ('type' in line) kind(line.type)
      else if ('warning' in line) warn(line.warning)
      else if ('progress' in line) tell(line.progress)
      else if ('error' in line) throw refusal(line.error)
      else return
    }
  } catch (error) {
    // What a cut connection says is not why it was cut.
    throw signal.aborted ? signal.reason : error
  }
  throw new Refusal('RequestAborted', 'The answer of the server broke off. See its log, and run the cmdlet again.')
}

async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const part of body) {
    const lines = decoder.decode(part, { stream: true }).split('\n')
    lines[0] = rest + lines[0]!
    rest = lines.pop()!
    yield* lines
    if (rest.length > longest) throw new Refusal('DataSizeLimitExceeded', 'One object of the answer is too large.')
  }
}

async function textOf({ body }: Sent): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of body) {
    size += part.length
    if (size > longest) throw new Refusal('DataSizeLimitExceeded', 'The answer of the server is too large.')
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

const unreadable = () => new Refusal('InternalServerError', 'The answer is not one of Isthmus: is this the address of a site?')

function refusalOf(status: number, text: string): Refusal {
  const told = readProblem(parsedJson(text))
  if (told) return refusal(told)
  if (status === 401) return new Refusal('Unauthenticated', text.trim().slice(0, 500) || 'Sign in.')
  return new Refusal('InternalServerError', `The server answered ${status}: ${text.trim().slice(0, 500)}`)
}

/** A code that this version does not know is one of a newer server. */
function refusal({ code, message, detail }: ToldProblem): Refusal {
  const known = Object.hasOwn(refusalKinds, code)
  const plain = Object.entries(detail).filter(([, value]) => /^(string|number|boolean)$/.test(typeof value))
  const told = Object.fromEntries(plain) as Record<string, string | number | boolean>
  return known
    ? new Refusal(code as RefusalCode, message, told)
    : new Refusal('InternalServerError', `${message} (${code.slice(0, 60)})`, told)
}
