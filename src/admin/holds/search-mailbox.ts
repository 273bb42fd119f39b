import { newGuid, type RandomBytes, type Recipient } from '#directory'
import { parseQuery, type FolderRef, type FoundItem, type Mailboxes } from '#mailbox'
import { administratorCaller, ByteSize, Refusal, utc, type Caller, type Instant } from '#model'
import { nameOf, recipientFor } from '../recipients/find.ts'
import { plainText } from '../recipients/property.ts'
import { cmdlet, type Cmdlet, type CmdletContext } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { progressOf } from '../registry/progress.ts'
import { freshFolder, logLevels, resultsFolder, tell, type LogLevel, type ResultVerbs } from './search-results.ts'

type Verbs = ResultVerbs & Pick<Mailboxes, 'everythingFound' | 'deleteItem'>
type Needs = { mailboxes: Verbs; random: RandomBytes }
type Bag = Readonly<Record<string, unknown>>

/** `Search-Mailbox`: what of a mailbox fits a query, counted, listed, copied to another mailbox or deleted. */
export function searchMailboxCmdlet(needs: Needs): Cmdlet {
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
      TargetFolder: take.optional(take.string(), {
        summary:
          'A folder there, made when it is not there; copies go to `TargetFolder\\Mailbox-Time`, in folders named as those that they lie in.',
      }),
      LogLevel: take.optional(take.oneOf(logLevels), {
        summary:
          'What a message in TargetFolder tells: nothing, what was asked and how much was found (Basic), or a list of it as a CSV file too (Full).',
      }),
      LogOnly: take.optional(take.switched(), { summary: 'Nothing is copied; the message tells in full.' }),
      DeleteContent: take.optional(take.switched(), {
        summary: 'What is found is deleted for good; what a hold or single item recovery keeps stays in Recoverable Items.',
      }),
      SearchDumpster: take.optional(take.boolean(), {
        summary: 'Whether Recoverable Items is searched too; so it is unless $false is said.',
      }),
      SearchDumpsterOnly: take.optional(take.switched(), { summary: 'Recoverable Items alone is searched.' }),
      DoNotIncludeArchive: take.optional(take.switched(), {
        summary: 'The archive is not searched; else it is, and what is copied of it lies in a folder named as it.',
      }),
    },
    returns: 'MailboxSearchResult',
    examples: [
      { command: "Search-Mailbox mary -SearchQuery 'subject:plan' -EstimateResultOnly", says: 'Counts what Mary has on plans.' },
      {
        command: "Search-Mailbox mary -SearchQuery 'subject:plan' -TargetMailbox rob -TargetFolder Plans -LogLevel Full",
        says: 'Copies it to Rob, with a list; a discovery mailbox (New-Mailbox -Discovery) is made for such copies.',
      },
    ],
    run: (args: Bag, context) => search(needs, args, context),
  })
  // It deletes and copies, whatever its verb says.
  return { ...row, changes: true }
}

async function search({ mailboxes, random }: Needs, args: Bag, context: CmdletContext): Promise<object> {
  const source = await recipientFor(context, 'Mailbox', String(args.Identity))
  const { EstimateResultOnly: estimate, DeleteContent: deletes, LogOnly: lists, TargetFolder: folder } = args
  if (!estimate && !deletes && args.TargetMailbox === undefined) {
    throw new Refusal('InvalidParameter', 'Search-Mailbox needs -EstimateResultOnly, -TargetMailbox with -TargetFolder, or -DeleteContent.')
  }
  if (
    (args.TargetMailbox === undefined) !== (folder === undefined) ||
    ((lists === true || args.LogLevel !== undefined) && folder === undefined)
  )
    throw new Refusal(
      'InvalidParameter',
      '-TargetMailbox and -TargetFolder of Search-Mailbox go together, and -LogOnly and -LogLevel need them.',
    )
  const target = args.TargetMailbox === undefined ? undefined : await recipientFor(context, 'Mailbox', String(args.TargetMailbox))
  if (target?.id === source.id)
    throw new Refusal('InvalidParameter', '-TargetMailbox must be another mailbox.', { parameter: 'TargetMailbox' })
  if (lists === true && args.LogLevel === 'Suppress')
    throw new Refusal('InvalidParameter', '-LogOnly of Search-Mailbox makes a message, which -LogLevel Suppress leaves out.', { parameter: 'LogLevel' }) // prettier-ignore
  // Whose roles do not reach the people whose mail it is, reads and deletes none of it.
  for (const one of target ? [source, target] : [source]) await context.mayChange(one)
  const caller = administratorCaller(context.caller)
  const restriction = parseQuery(String(args.SearchQuery ?? ''), { zone: utc, now: context.clock() })
  const among: 'recoverable' | 'others' | undefined = args.SearchDumpsterOnly === true ? 'recoverable' : args.SearchDumpster === false ? 'others' : undefined
  const asked = { ...(restriction ? { restriction } : {}), ...(among ? { among } : {}) }
  const archive = args.DoNotIncludeArchive === true ? undefined : source.archive
  const own = await mailboxes.everythingFound(caller, { mailbox: source.mailbox, ...asked })
  const archived = archive ? await mailboxes.everythingFound(caller, { mailbox: archive.mailbox, ...asked }) : []
  const found = [...own, ...archived]
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
    const [started, query] = [context.clock(), String(args.SearchQuery ?? '').slice(0, 4096)]
    const to = await resultsFolder(mailboxes, caller, target.mailbox, result.TargetFolder)
    const gone = lists === true ? undefined : await copied(context, { mailboxes, random }, caller, { source, own, archived, to, started })
    const level = (args.LogLevel as LogLevel | undefined) ?? (lists === true ? 'Full' : 'Basic')
    const told = {
      name: result.Identity,
      query,
      by: context.caller.address || context.caller.name,
      mailboxes: [result.Identity],
      started,
      ended: context.clock(),
    }
    const counts = { items: found.length, size: Number(result.ResultItemsSize.bytes), ...(gone === undefined ? {} : { gone }) }
    await tell(
      mailboxes,
      caller,
      to,
      level,
      { ...told, ...counts },
      found.map(({ ref }) => ref),
    )
  }
  if (deletes === true) await each(context, 'Deleting', found, ({ ref }) => mailboxes.deleteItem(caller, ref, 'HardDelete', { suppressReadReceipts: true })) // prettier-ignore
  return result
}

/** Copies what was found to a new folder below the one that was asked for. Returns how many went meanwhile, and tells of them. */
async function copied(
  context: CmdletContext,
  { mailboxes, random }: Needs,
  caller: Caller,
  { source, own, archived, to, started }: { source: Recipient; own: readonly FoundItem[]; archived: readonly FoundItem[]; to: FolderRef; started: Instant }, // prettier-ignore
): Promise<number> {
  using progress = progressOf(context, 'Copying what was found')
  const below = await freshFolder(mailboxes, caller, to, nameOf(source), started)
  const parts = [{ mailbox: source.mailbox, items: own, below }]
  if (source.archive && archived.length > 0) {
    const folder = await resultsFolder(mailboxes, caller, below.mailbox, source.archive.name, below)
    parts.push({ mailbox: source.archive.mailbox, items: archived, below: folder })
  }
  let [seen, gone]: [number, number] = [0, 0]
  for (const part of parts) {
    const what = { mailbox: part.mailbox, items: part.items.map(({ ref }) => ref.id), run: newGuid(random) }
    for await (const step of mailboxes.copyFound(caller, what, part.below)) {
      context.signal.throwIfAborted()
      gone += step.gone
      progress.count((seen += step.copied + step.gone))
    }
  }
  if (gone > 0) context.warn(`Copying: ${gone} of ${own.length + archived.length} items went meanwhile.`)
  return gone
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
