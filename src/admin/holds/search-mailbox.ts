import { parseQuery, type FolderRef, type FoundItem, type Mailboxes } from '#mailbox'
import { administratorCaller, ByteSize, Refusal, utc, type Caller } from '#model'
import { nameOf, recipientFor } from '../recipients/find.ts'
import { plainText } from '../recipients/property.ts'
import { cmdlet, type Cmdlet, type CmdletContext } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { progressOf } from '../registry/progress.ts'

type Verbs = Pick<Mailboxes, 'everythingFound' | 'copyItem' | 'deleteItem' | 'createFolder' | 'childFolder' | 'createItem' | 'getItems'>
type Bag = Readonly<Record<string, unknown>>

/** Items of which a log tells, and that are read at a time. */
const most = { logged: 10_000, together: 200 } as const

/** `Search-Mailbox`: what of a mailbox fits a query, counted, listed, copied to another mailbox or deleted. */
export function searchMailboxCmdlet(mailboxes: Verbs): Cmdlet {
  const row = cmdlet('Search-Mailbox', {
    summary: 'Searches a mailbox, Recoverable Items included, and counts, lists, copies or deletes what it finds.',
    roles: ['Mailbox Search', 'Mailbox Import Export'],
    destroys: true,
    dangerous: ['TargetMailbox', 'DeleteContent'],
    parameters: {
      Identity: take.mandatory(take.identity(), { position: 0, pipeline: true }),
      SearchQuery: take.optional(take.string(), { summary: 'In the query language of searches; without one, everything.' }),
      EstimateResultOnly: take.optional(take.switched(), { summary: 'Counts, and does nothing.' }),
      TargetMailbox: take.optional(take.identity(), { summary: 'Where copies and the list go: another mailbox.' }),
      TargetFolder: take.optional(take.string(), { summary: 'A folder there, made when it is not there.' }),
      LogOnly: take.optional(take.switched(), { summary: 'The list alone goes there, as a CSV file.' }),
      DeleteContent: take.optional(take.switched(), {
        summary: 'What is found is deleted for good; what a hold or single item recovery keeps stays in Recoverable Items.',
      }),
      SearchDumpster: take.optional(take.boolean(), {
        summary: 'Whether Recoverable Items is searched too; so it is unless $false is said.',
      }),
      SearchDumpsterOnly: take.optional(take.switched(), { summary: 'Recoverable Items alone is searched.' }),
    },
    returns: 'MailboxSearchResult',
    examples: [{ command: "Search-Mailbox mary -SearchQuery 'subject:plan' -EstimateResultOnly", says: 'Counts what Mary has on plans.' }],
    run: (args: Bag, context) => search(mailboxes, args, context),
  })
  // It deletes and copies, whatever its verb says.
  return { ...row, changes: true }
}

async function search(mailboxes: Verbs, args: Bag, context: CmdletContext): Promise<object> {
  const source = await recipientFor(context, 'Mailbox', String(args.Identity))
  const { EstimateResultOnly: estimate, DeleteContent: deletes, LogOnly: lists, TargetFolder: folder } = args
  if (!estimate && !deletes && args.TargetMailbox === undefined) {
    throw new Refusal('InvalidParameter', 'Search-Mailbox needs -EstimateResultOnly, -TargetMailbox with -TargetFolder, or -DeleteContent.')
  }
  if ((args.TargetMailbox === undefined) !== (folder === undefined) || (lists === true && folder === undefined))
    throw new Refusal('InvalidParameter', '-TargetMailbox and -TargetFolder of Search-Mailbox go together, and -LogOnly needs them.')
  const target = args.TargetMailbox === undefined ? undefined : await recipientFor(context, 'Mailbox', String(args.TargetMailbox))
  if (target?.id === source.id)
    throw new Refusal('InvalidParameter', '-TargetMailbox must be another mailbox.', { parameter: 'TargetMailbox' })
  // Whose roles do not reach the people whose mail it is, reads and deletes none of it.
  for (const one of target ? [source, target] : [source]) await context.mayChange(one)
  const caller = administratorCaller(context.caller)
  const restriction = parseQuery(String(args.SearchQuery ?? ''), { zone: utc, now: context.clock() })
  const among = args.SearchDumpsterOnly === true ? 'recoverable' : args.SearchDumpster === false ? 'others' : undefined
  const found = await mailboxes.everythingFound(caller, {
    mailbox: source.mailbox,
    ...(restriction ? { restriction } : {}),
    ...(among ? { among } : {}),
  })
  const result = {
    Identity: nameOf(source),
    TargetMailbox: target ? nameOf(target) : '',
    TargetFolder: target ? plainText('TargetFolder', folder, 256) : '',
    Success: true,
    ResultItemsCount: found.length,
    ResultItemsSize: new ByteSize(found.reduce((sum, { size }) => sum + size, 0)),
  }
  if (estimate === true) return result
  if (target) {
    const to = await folderIn(mailboxes, caller, target.mailbox, result.TargetFolder)
    await log(mailboxes, caller, found, to, `${result.Identity}: ${String(args.SearchQuery ?? '')}`.slice(0, 255))
    if (lists !== true) await each(context, 'Copying', found, ({ ref }) => mailboxes.copyItem(caller, ref, to))
  }
  if (deletes === true) await each(context, 'Deleting', found, ({ ref }) => mailboxes.deleteItem(caller, ref, 'HardDelete', { suppressReadReceipts: true })) // prettier-ignore
  return result
}

/** One by one; what is gone meanwhile, or is kept where it lies, stays as it is, and is told of. */
async function each(context: CmdletContext, activity: string, found: readonly FoundItem[], act: (item: FoundItem) => Promise<unknown>) {
  using progress = progressOf(context, `${activity} what was found`)
  let left = 0
  for (const [at, item] of found.entries()) {
    context.signal.throwIfAborted()
    try {
      await act(item)
    } catch (error) {
      if (!(error instanceof Refusal) || !['ItemNotFound', 'CannotDeleteObject'].includes(error.code)) throw error
      left++
    }
    progress.count(at + 1)
  }
  if (left > 0)
    context.warn(`${activity}: ${left} of ${found.length} items stay as they are: they are kept by a hold or retention, or went meanwhile.`)
}

async function folderIn(mailboxes: Verbs, caller: Caller, mailbox: string, name: string): Promise<FolderRef> {
  const parent = { mailbox, kind: 'msgfolderroot' }
  try {
    return { mailbox, id: (await mailboxes.childFolder(caller, parent, name)).row.id }
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'FolderNotFound') throw error
    return { mailbox, id: (await mailboxes.createFolder(caller, { parent, name })).row.id }
  }
}

/** Files a message with the list of what was found as a CSV file. */
async function log(mailboxes: Verbs, caller: Caller, found: readonly FoundItem[], to: FolderRef, subject: string): Promise<void> {
  const lines = ['Subject,From,Received,Size']
  const paths = ['subject', 'from'].map((property) => ({ property }))
  for (let at = 0; at < Math.min(found.length, most.logged); at += most.together) {
    const refs = found.slice(at, Math.min(at + most.together, most.logged)).map(({ ref }) => ref)
    for (const item of await mailboxes.getItems(caller, refs, { shape: 'ids', paths })) {
      if (item instanceof Refusal) continue
      const from = item.properties.from as { name?: string; address?: string } | undefined
      lines.push([item.head.subject, from?.address ?? from?.name ?? '', new Date(item.head.received).toISOString(), String(item.head.size)].map(quoted).join(',')) // prettier-ignore
    }
  }
  const content = Buffer.from(`\ufeff${lines.join('\r\n')}\r\n`, 'utf8')
  const value = `${found.length} items were found${found.length > most.logged ? `; the list has the first ${most.logged}` : ''}.`
  const properties = { subject, body: { type: 'Text' as const, value } }
  const attachments = [{ kind: 'file' as const, name: 'Search Results.csv', contentType: 'text/csv', content }]
  await mailboxes.createItem(caller, to, { kind: 'post', properties, attachments })
}

/** A field of a CSV file that a spreadsheet takes for text, whatever somebody wrote in a subject. */
function quoted(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return `"${plain.replaceAll('"', '""')}"`
}
