/** A terminal of the shell whose screen is in memory. */
import { PassThrough } from 'node:stream'
import type { TestContext } from 'node:test'
import { createTerminal, type ShellTerminal } from '../../src/server/commands/shell/terminal.ts'

export interface Screen {
  stream: NodeJS.WriteStream
  /** What was written, piece by piece. */
  seen: string[]
}

export function screen(columns = 80): Screen {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns, rows: 24 })
  const seen: string[] = []
  stream.on('data', (part: Buffer) => void seen.push(part.toString()))
  return { stream: stream as unknown as NodeJS.WriteStream, seen }
}

/** A terminal at which nobody sits; `error` has what is said, and the bars. */
export function screenTerminal(t: TestContext): { terminal: ShellTerminal; output: string[]; error: string[] } {
  const [output, error] = [screen(100), screen(100)]
  const input = new PassThrough() as unknown as NodeJS.ReadStream
  const environment = { NO_COLOR: '1' }
  const terminal = createTerminal({
    ...{ input, output: output.stream, error: error.stream, environment },
    interactive: false,
    asks: false,
  })
  t.after(() => terminal.close())
  return { terminal, output: output.seen, error: error.seen }
}
