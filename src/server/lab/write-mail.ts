import MailComposer from 'nodemailer/lib/mail-composer/index.js'
import type { Instant } from '#model'
import type { Dice } from './dice.ts'
import { drawPicture } from './picture.ts'
import { outsiders, places, scripts, topics, type Script, type Turn } from './mail-scripts.ts'

export interface Correspondent {
  name: string
  address: string
}
/** One message as it went: who got it, when, and what it became in whose mailbox. */
export interface LabMessage {
  mime: Uint8Array
  from: Correspondent
  sent: Instant
  /** Aliases of lab mailboxes that received it. */
  readers: string[]
  /** Alias of the lab mailbox that sent it; empty = from outside. */
  writer: string
  folder: Record<string, string>
  category: string
}

const day = 86_400_000
const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']

/**
 * Writes the lab's mail of the last weeks before `now`: every conversation of the table several times with other topics,
 * oldest first. `people` are the lab's mailboxes by alias, groups opened into their members.
 */
export async function writeMail(
  dice: Dice,
  now: Instant,
  domain: string,
  people: ReadonlyMap<string, Correspondent>,
  groups: ReadonlyMap<string, string[]>,
): Promise<LabMessage[]> {
  const messages: LabMessage[] = []
  const rounds = 8
  for (let round = 0; round < rounds; round++) {
    for (const script of scripts) {
      const started = now - Math.floor(((rounds - round) * 5 - dice.below(5)) * day) + dice.below(8 * 3_600_000)
      messages.push(...(await playOut(script, started)))
    }
  }
  return messages.filter((message) => message.sent < now).toSorted((a, b) => a.sent - b.sent)

  async function playOut(script: Script, started: Instant): Promise<LabMessage[]> {
    const filled = filler(dice, now)
    const subject = filled(script.subject)
    const written: LabMessage[] = []
    const ids: string[] = []
    let sent = started
    for (const [turn, part] of script.turns.entries()) {
      const id = `<${(started + turn).toString(36)}.${dice.below(1e9).toString(36)}@lab.${domain}>`
      written.push(await message(script, part, filled(part.text), turn ? `Re: ${subject}` : subject, sent, id, ids))
      ids.push(id)
      sent += (20 + dice.below(600)) * 60_000
    }
    return written
  }

  async function message(
    script: Script,
    turn: Turn,
    text: string,
    subject: string,
    sent: Instant,
    id: string,
    before: string[],
  ): Promise<LabMessage> {
    const party = (key: string): Correspondent => {
      const found = people.get(key) ?? outsiders[key]
      if (!found) throw new Error(`the mail scripts name '${key}', who is nobody`)
      return found
    }
    const addresses = (keys: string[] = []) => keys.map(party)
    const composer = new MailComposer({
      from: party(turn.from),
      to: addresses(turn.to),
      cc: addresses(turn.cc),
      subject,
      date: new Date(sent),
      messageId: id,
      ...(before.length ? { inReplyTo: before.at(-1), references: before } : {}),
      ...(script.importance ? { priority: script.importance === 'High' ? 'high' : 'low' } : {}),
      text: `${text}\n`,
      html: page(text, party(turn.from).name, turn.with === 'picture'),
      attachments: attachments(turn, subject, dice),
      baseBoundary: id.replace(/[^a-z0-9]/g, ''),
    })
    const readers = [...turn.to, ...(turn.cc ?? [])].flatMap((key) => groups.get(key) ?? [key])
    return {
      mime: await composer.compile().build(),
      from: party(turn.from),
      sent,
      readers: [...new Set(readers)].filter((key) => people.has(key) && key !== turn.from),
      writer: people.has(turn.from) ? turn.from : '',
      folder: script.folder ?? {},
      category: script.category ?? '',
    }
  }
}

function filler(dice: Dice, now: Instant): (text: string) => string {
  const values: Record<string, string> = {
    topic: dice.pick(topics),
    place: dice.pick(places),
    number: String(10_000 + dice.below(89_999)),
    n: String(3 + dice.below(40)),
    month: months[new Date(now).getUTCMonth()]!,
  }
  return (text) => text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
}

function page(text: string, name: string, withPicture: boolean): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const paragraphs = escaped.replace(/([.?!]) (?=[A-ZÄÖÜ“])/g, '$1</p><p>')
  const image = withPicture ? '<p><img src="cid:picture@lab" alt="Picture" width="96" height="96"></p>' : ''
  return `<html><head><meta charset="utf-8"></head><body style="font-family: Calibri, sans-serif"><p>${paragraphs}</p>${image}<p>${name}</p></body></html>`
}

function attachments(turn: Turn, subject: string, dice: Dice) {
  if (turn.with === 'picture')
    return [{ filename: 'picture.png', content: drawPicture(dice.below(256)), cid: 'picture@lab', contentType: 'image/png' }]
  if (turn.with !== 'file') return []
  const lines = Array.from({ length: 20 + dice.below(200) }, (_, row) => `${row + 1};${subject};${dice.below(10_000) / 100}`)
  const filename = `${subject
    .replace(/^Re: /, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()}.csv`
  return [{ filename, content: `No;Subject;Amount\r\n${lines.join('\r\n')}\r\n`, contentType: 'text/csv' }]
}
