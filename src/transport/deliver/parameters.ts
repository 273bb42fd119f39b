import type SMTPConnection from 'nodemailer/lib/smtp-connection'

/** What nodemailer has no option for. */
interface Inside {
  _sendCommand(line: string, shown?: string): void
  _ehloLines?: readonly string[]
}

/** Parameters beside those that nodemailer writes. */
export interface Parameters {
  /** XOORG of MAIL FROM, where EHLO offers it (hybrid reference 9). */
  originatorOrg?: string
  /** ORCPT by recipient, `rfc822;mary@contoso.com`, where EHLO offers DSN (RFC 3461 4.2). */
  original: ReadonlyMap<string, string>
}

/** Puts parameters at the end of MAIL FROM and RCPT TO. To be called before the connection is used. */
export function addParameters(connection: SMTPConnection, { originatorOrg, original }: Parameters): void {
  const inside = connection as unknown as Inside
  const send = inside._sendCommand.bind(connection)
  const offers = (word: string): boolean => inside._ehloLines?.some((line) => line.split(' ', 1)[0]?.toUpperCase() === word) ?? false
  inside._sendCommand = (line, shown) => {
    const recipient = /^RCPT TO:<([^<>]*)>/.exec(line)?.[1]
    const first = recipient === undefined ? undefined : original.get(recipient)
    if (originatorOrg && line.startsWith('MAIL FROM:<') && offers('XOORG')) send(`${line} XOORG=${xtext(originatorOrg)}`, shown)
    else if (first && !/ ORCPT=/.test(line) && offers('DSN')) send(`${line} ORCPT=${xtext(first)}`, shown)
    else send(line, shown)
  }
}

/** RFC 3461 4. */
function xtext(text: string): string {
  return text.replace(/[^\x21-\x7e]|[+=]/g, (one) => `+${one.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
}
