import { connect, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'

/** A client of SMTP that says what it is told, line by line. */
export interface Line extends AsyncDisposable {
  greeting: string
  /** Sends a line and gives the whole reply. */
  say(line: string): Promise<string>
  /** Sends bytes as they are. */
  write(bytes: Uint8Array | string): void
  /** Sends a message after DATA, dots stuffed, and its end. */
  send(message: Uint8Array): Promise<string>
  /** The next reply; rejects when the connection ends first. */
  reply(): Promise<string>
  /** `shown`: the client's own certificate. */
  startTls(shown?: Pick<ConnectionOptions, 'cert' | 'key'>): Promise<void>
  /** Says no more, and resolves when the server has closed as well. */
  finish(): Promise<void>
  ended: Promise<void>
}

export async function dial(port: number): Promise<Line> {
  let socket: Socket = connect(port, '127.0.0.1')
  let buffer = ''
  let waiting: { resolve: (reply: string) => void; reject: (error: Error) => void }[] = []
  let over = false
  const replies: string[] = []
  const ended = Promise.withResolvers<void>()
  const take = (chunk: Buffer): void => {
    buffer += chunk.toString('latin1')
    for (
      let match = /^(?:\d{3}-[^\n]*\r\n)*\d{3} [^\n]*\r\n/.exec(buffer);
      match;
      match = /^(?:\d{3}-[^\n]*\r\n)*\d{3} [^\n]*\r\n/.exec(buffer)
    ) {
      buffer = buffer.slice(match[0].length)
      const next = waiting.shift()
      if (next) next.resolve(match[0].trimEnd())
      else replies.push(match[0].trimEnd())
    }
  }
  const end = (): void => {
    over = true
    for (const one of waiting) one.reject(new Error('the server closed the connection'))
    waiting = []
    ended.resolve()
  }
  const listen = (): void => void socket.on('data', take).on('close', end).on('error', end)
  listen()
  const reply = (): Promise<string> => {
    const ready = replies.shift()
    if (ready !== undefined) return Promise.resolve(ready)
    if (over) return Promise.reject(new Error('the server closed the connection'))
    return new Promise((resolve, reject) => waiting.push({ resolve, reject }))
  }
  const client: Line = {
    greeting: '',
    reply,
    write: (bytes) => void socket.write(bytes),
    say(line) {
      socket.write(`${line}\r\n`)
      return reply()
    },
    send(message) {
      const text = Buffer.from(message)
        .toString('latin1')
        .replace(/(^|\n)\./g, '$1..')
      socket.write(Buffer.from(`${text}${text.endsWith('\r\n') ? '' : '\r\n'}.\r\n`, 'latin1'))
      return reply()
    },
    async startTls(shown = {}) {
      socket.removeAllListeners()
      const secure = connectTls({ socket, rejectUnauthorized: false, ...shown })
      await new Promise<void>((resolve, reject) => secure.once('secureConnect', resolve).once('error', reject))
      socket = secure
      listen()
    },
    finish() {
      socket.end()
      return ended.promise
    },
    ended: ended.promise,
    async [Symbol.asyncDispose]() {
      socket.destroy()
    },
  }
  client.greeting = await reply()
  return client
}
