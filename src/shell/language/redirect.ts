import type { StreamKind } from '../contract.ts'
import { Thing, type Value } from '../values.ts'
import { toText } from './convert.ts'
import { evaluate } from './evaluate.ts'
import { asScriptError } from './problem.ts'
import { remember, report, type Frame, type Streams } from './runtime.ts'
import type { Redirection } from './tree.ts'
import { refuseFiles, shownLines } from './show.ts'

type Output = AsyncIterable<Value>
const numbers: Readonly<Record<StreamKind, string>> = { error: '2', warning: '3', verbose: '4', debug: '5', information: '6' }

/** Runs something with its streams sent where the redirections say: into the output, into files, or (`$null`) away. */
export function redirect(redirections: readonly Redirection[], frame: Frame, make: (frame: Frame) => Output): Output {
  return redirections.length === 0 ? make(frame) : redirected(redirections, frame, make)
}

async function* redirected(redirections: readonly Redirection[], frame: Frame, make: (frame: Frame) => Output): Output {
  const pending: Value[] = []
  const files = new Map<Redirection, string | undefined>()
  for (const one of redirections) {
    const name = one.file ? await evaluate(one.file, frame) : null
    files.set(one, name === null ? undefined : toText(name))
  }
  const of = (number: string) => redirections.find(({ stream }) => stream === number || stream === '*')
  const texts = new Map<Redirection, string[]>()
  const take = (number: string, record: Value): boolean => {
    const one = of(number)
    if (!one) return false
    if (!one.file) pending.push(record)
    else if (files.get(one) !== undefined) texts.set(one, [...(texts.get(one) ?? []), toText(record)])
    return true
  }
  const streams: Streams = {
    error: (record) => (take('2', record) ? remember(record, frame.run.session) : frame.streams.error(record)),
    say: (kind, text) => (take(numbers[kind], messageRecord(kind, text)) ? undefined : frame.streams.say(kind, text)),
  }
  const output = mixed(make({ ...frame, streams }), pending, { ...frame, streams })
  const main = of('1')
  if (!main?.file) yield* output
  else if (files.get(main) === undefined) for await (const _ of output);
  else await write(files.get(main)!, main.append, output, frame)
  for (const [one, lines] of texts) if (one !== main) await write(files.get(one)!, one.append, each(lines), frame)
}

/** Output with what was said in between; an error that ends it is said in its place, unless a `try` waits for it. */
async function* mixed(output: Output, pending: Value[], frame: Frame): Output {
  try {
    for await (const value of output) {
      while (pending.length > 0) yield pending.shift()!
      yield value
    }
  } catch (thrown) {
    const error = asScriptError(thrown)
    if (!error || error.ends === 'script' || frame.trying) throw thrown
    await report(error, frame)
  }
  while (pending.length > 0) yield pending.shift()!
}

async function* each(lines: readonly string[]): Output {
  yield* lines
}

function messageRecord(kind: string, text: string): Thing {
  const name = `${kind[0]!.toUpperCase()}${kind.slice(1)}`
  return new Thing([['Message', text]], [`System.Management.Automation.${name}Record`], text)
}

async function write(path: string, append: boolean, output: Output, frame: Frame): Promise<void> {
  const { files } = frame.run.session.options
  if (!files) throw refuseFiles()
  await files.writeText(path, withEnds(shownLines(output, frame, 'default')), { append, signal: frame.run.signal })
}

async function* withEnds(lines: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  for await (const line of lines) yield `${line}\r\n`
}
