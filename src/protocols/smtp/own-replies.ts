import type { SMTPServer } from 'smtp-server'

const status = /^[245]\.\d{1,3}\.\d{1,3} /

export interface OwnReplies {
  /** The greeting behind 220, or empty. */
  banner(): string
  /** Bytes that EHLO's SIZE says (RFC 1870 3). */
  size(): number
  /** True = the connection is to end with this reply. */
  isTooWrong(code: number): boolean
}

/**
 * smtp-server puts its own enhanced status in front of every reply, by the reply code alone: each 550 is `5.1.1`. Replies that begin
 * with a status of their own keep that one instead. `offer` are further words of EHLO's reply on TLS; `own` changes what goes out, and is told of
 * all that does. To be called when a connection opens.
 */
export function keepOwnReplies(server: SMTPServer, id: string, offer: readonly string[], own: OwnReplies): void {
  for (const connection of server.connections) {
    if (connection.id !== id) continue
    const send = connection.send.bind(connection)
    let greetings = 0
    connection.send = (code, data, context) => {
      // Of the replies to commands that clients have, EHLO's alone has code 250 and several lines.
      if (own.isTooWrong(code)) return send(421, '4.7.0 Too many errors on this connection, closing transmission channel', false)
      if (code === 250 && Array.isArray(data)) {
        const words = data.map((word: string) => (/^SIZE \d+$/.test(word) ? `SIZE ${own.size()}` : word))
        return send(code, connection.secure ? [...words, ...offer] : words, context)
      }
      const isGreeting = code === 220 && greetings++ === 0
      const banner = isGreeting ? own.banner() : ''
      send(code, banner || data, typeof data === 'string' && (isGreeting || status.test(data)) ? false : context)
    }
    return
  }
}
