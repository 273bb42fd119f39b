import { parseQuery, type Item, type Mailboxes } from '#mailbox'
import { administratorCaller, Refusal, utc } from '#model'
import { FileData } from '../mail-flow/file-data.ts'
import { recipientFor } from '../recipients/find.ts'
import { cmdlet, type Cmdlet } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'

/** Items that are read at a time. */
const together = 20

/** `Export-MailboxContent`: items of a mailbox as files, one after another, so that any number takes no more memory than a few. */
export function exportContentCmdlet(mailboxes: Pick<Mailboxes, 'everythingFound' | 'getItems'>): Cmdlet {
  return cmdlet('Export-MailboxContent', {
    summary:
      'Gives items of a mailbox, Recoverable Items included, as EML or MBOX (FileData; in base64 on the wire): pieces of MBOX make one file together.',
    roles: ['Mailbox Import Export'],
    dangerous: true,
    parameters: {
      Identity: take.mandatory(take.identity(), { position: 0, pipeline: true }),
      SearchQuery: take.optional(take.string(), { summary: 'In the query language of searches; without one, everything.' }),
      Format: take.optional(take.oneOf(['Eml', 'Mbox']), { fallback: 'Eml' }),
      SearchDumpster: take.optional(take.boolean(), {
        summary: 'Whether Recoverable Items is exported too; so it is unless $false is said.',
      }),
    },
    returns: 'MailboxFile',
    async *run({ Identity, SearchQuery = '', Format = 'Eml', SearchDumpster }, context) {
      const source = await recipientFor(context, 'Mailbox', Identity)
      await context.mayChange(source)
      const caller = administratorCaller(context.caller)
      const restriction = parseQuery(SearchQuery, { zone: utc, now: context.clock() })
      const found = await mailboxes.everythingFound(caller, {
        mailbox: source.mailbox,
        ...(restriction ? { restriction } : {}),
        ...(SearchDumpster === false ? { among: 'others' as const } : {}),
      })
      for (let at = 0; at < found.length; at += together) {
        context.signal.throwIfAborted()
        const refs = found.slice(at, at + together).map(({ ref }) => ref)
        for (const item of await mailboxes.getItems(caller, refs, { shape: 'ids', mime: true })) {
          // What went meanwhile is not there to be exported.
          if (item instanceof Refusal) context.warn(`An item was not exported: ${item.message}`)
          else yield fileOf(item, Format)
        }
      }
    },
  })
}

function fileOf(item: Item, format: 'Eml' | 'Mbox'): object {
  const bytes = Buffer.from(String(item.properties.mimeContent ?? ''), 'base64')
  return {
    Identity: String(item.ref.id),
    Subject: item.head.subject,
    FileName: `${item.ref.id}.${format.toLowerCase()}`,
    FileData: new FileData(format === 'Eml' ? bytes : mboxOf(bytes, item.head.received)),
  }
}

/** A message as a mailbox file has it (RFC 4155, in the form that quotes every `From ` line so that it can be undone). */
function mboxOf(message: Uint8Array, received: number): Uint8Array {
  const text = Buffer.from(message).toString('latin1').replaceAll('\r\n', '\n')
  const [weekday, day, month, year, time] = new Date(received).toUTCString().replace(',', '').split(' ')
  const quoted = text.replaceAll(/^(>*From )/gm, '>$1')
  return Buffer.from(
    `From MAILER-DAEMON ${weekday} ${month} ${day} ${time} ${year}\n${quoted}${quoted.endsWith('\n') ? '' : '\n'}\n`,
    'latin1',
  )
}
