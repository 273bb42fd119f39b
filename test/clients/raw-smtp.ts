/** SMTP by hand: sends bytes as they are and tells exactly when the server has taken responsibility. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface RawSmtp {
  /** Sends one message, dots stuffed; resolves with the 250 after the final dot, rejects on any refusal or a lost connection. */
  send(from: string, to: string[], message: Uint8Array): Promise<string>
  /** One command, its whole answer. */
  command(line: string): Promise<string>
  close(): void
}

export async function connectSmtp(port: number, host = '127.0.0.1'): Promise<RawSmtp> {
  const socket: Socket = connect({ port, host, noDelay: true })
  let buffer = ''
  const answers: string[] = []
  const waiting: { resolve(answer: string): void; reject(error: Error): void }[] = []
  let ended: Error | undefined
  const end = (error: Error): void => {
    ended ??= error
    for (const one of waiting.splice(0)) one.reject(ended)
  }
  socket.on('data', (chunk: Buffer) => {
    buffer += chunk.toString('latin1')
    for (let match = /^(?:\d{3}-[^\n]*\n)*\d{3} [^\n]*\n/.exec(buffer); match; match = /^(?:\d{3}-[^\n]*\n)*\d{3} [^\n]*\n/.exec(buffer)) {
      buffer = buffer.slice(match[0].length)
      const next = waiting.shift()
      if (next) next.resolve(match[0].trim())
      else answers.push(match[0].trim())
    }
  })
  socket.on('error', end)
  socket.on('close', () => end(new Error('the connection was closed')))
  const answer = (): Promise<string> => {
    const ready = answers.shift()
    if (ready !== undefined) return Promise.resolve(ready)
    if (ended) return Promise.reject(ended)
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    waiting.push({ resolve, reject })
    return promise
  }
  const command = (line: string): Promise<string> => {
    socket.write(line + '\r\n')
    return answer()
  }
  const expect = async (line: string, code: string): Promise<string> => {
    const said = await command(line)
    if (!said.startsWith(code)) throw new Error(`${line} → ${said}`)
    return said
  }
  await once(socket, 'connect')
  await answer()
  await expect('EHLO test.example', '250')
  return {
    command,
    async send(from, to, message) {
      await expect(`MAIL FROM:<${from}>`, '250')
      for (const address of to) await expect(`RCPT TO:<${address}>`, '250')
      await expect('DATA', '354')
      socket.write(stuffed(message))
      return expect('.', '250')
    },
    close: () => void socket.destroy(),
  }
}

/** Dot-stuffed ([RFC 5321] 4.5.2), ending with a line break. */
function stuffed(message: Uint8Array): Buffer {
  const text = Buffer.from(message).toString('latin1').replace(/^\./gm, '..')
  return Buffer.from(text.endsWith('\r\n') ? text : text + '\r\n', 'latin1')
}
