/** Contacts as a file of vCards (RFC 6350, RFC 2426): written for others, and read from one. */
import { z } from 'zod'
import { largestPhoto } from '#directory'
import { Refusal } from '#model'
import { parseVCard, splitVCards, type CardLine } from '#wire'
import { exported } from '../exported.ts'
import type { Resource } from '../resource.ts'
import { verb } from '../verb.ts'

const mostImported = 1000
/** Characters of a line of a card, by its name. */
const longest: Readonly<Record<string, number>> = { NOTE: 100_000 }
const longestElse = 2000

/** `GET /owa/contacts-file`: the caller's contacts as one file, by name; too many → DataSizeLimitExceeded. */
export const contactsFile: Resource = async (context) => {
  const cards = await exported(context, { mailbox: await context.mailbox(), kind: 'contacts' }, { kind: 'contact', by: 'subject' })
  return {
    status: 200,
    headers: {
      'content-type': 'text/vcard; charset=utf-8',
      'content-disposition': 'attachment; filename="contacts.vcf"',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, no-cache',
    },
    body: Buffer.concat(cards),
  }
}

/** Takes the contacts of a file of vCards into the caller's own. How many came in, and why others did not. */
export const importContacts = verb(z.object({ text: z.string().max(10_000_000) }), async ({ caller, mailboxes, mailbox }, { text }) => {
  const { cards, broken } = splitVCards(text)
  if (cards.length + broken === 0) throw new Refusal('InvalidMimeContent', 'The file has no vCards, or there is nothing in it.')
  if (cards.length + broken > mostImported)
    throw new Refusal('DataSizeLimitExceeded', `At most ${mostImported} contacts are taken at once.`)
  const folder = { mailbox: await mailbox(), kind: 'contacts' }
  let taken = 0
  const refused = Array.from({ length: broken }, () => 'A card does not end.')
  for (const card of cards) {
    try {
      requireCard(parseVCard(card))
      await mailboxes.createItem(caller, folder, { kind: 'contact', properties: {}, mime: Buffer.from(card) })
      taken += 1
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      refused.push(error.message)
    }
  }
  return { taken, refused: refused.length, why: [...new Set(refused)].slice(0, 5) }
})

/** Nobody in it, or a line that is longer than those of people → InvalidMimeContent. */
function requireCard(lines: readonly CardLine[]): void {
  if (!lines.some(({ name, value }) => ['FN', 'N', 'ORG', 'EMAIL'].includes(name) && /[^;\s]/.test(value))) {
    throw new Refusal('InvalidMimeContent', 'A card has no name, no company and no address.')
  }
  const long = lines.find(({ name, value, bytes }) => (bytes ? bytes.length > largestPhoto : value.length > (longest[name] ?? longestElse)))
  if (long) throw new Refusal('InvalidMimeContent', `A card has a line ${long.name.slice(0, 40)} that is too long.`)
}
