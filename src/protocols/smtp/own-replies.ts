import type { SMTPServer } from 'smtp-server'

const status = /^[245]\.\d{1,3}\.\d{1,3} /

/**
 * smtp-server puts its own enhanced status in front of every reply, by the reply code alone: each 550 is `5.1.1`. Replies that begin
 * with a status of their own keep that one instead. `offer` are further words of EHLO's reply on TLS. To be called when a connection opens.
 */
export function keepOwnReplies(server: SMTPServer, id: string, offer: readonly string[]): void {
  for (const connection of server.connections) {
    if (connection.id !== id) continue
    const send = connection.send.bind(connection)
    connection.send = (code, data, context) => {
      // Of the replies to commands that clients have, EHLO's alone has code 250 and several lines.
      const words = code === 250 && Array.isArray(data) && connection.secure ? [...data, ...offer] : data
      send(code, words, typeof data === 'string' && status.test(data) ? false : context)
    }
    return
  }
}
