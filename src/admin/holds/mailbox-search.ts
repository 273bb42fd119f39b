import { newGuid, type RandomBytes, type Recipient } from '#directory'
import { messageTypes, type MailboxHold, type Mailboxes } from '#mailbox'
import { administratorCaller, ByteSize, Refusal } from '#model'
import { nameOf, recipientFor } from '../recipients/find.ts'
import { plainText } from '../recipients/property.ts'
import { cmdlet, type Cmdlet, type CmdletContext } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { changeSearch, reached, searchNamed } from './find-search.ts'
import { holdPeriod } from './mailbox-properties.ts'
import { logLevels } from './search-results.ts'

type Needs = { mailboxes: Pick<Mailboxes, 'mailboxHolds' | 'changeMailboxHold'>; random: RandomBytes }
type Bag = Readonly<Record<string, unknown>>

const roles = ['Mailbox Search', 'Legal Hold']
const most = { names: 500, mailboxes: 1000 } as const
const identity = take.mandatory(take.identity(), { position: 0, pipeline: true })
const texts = (summary: string) => take.optional(take.nullable(take.list(take.string())), { summary })

const parameters = {
  SourceMailboxes: take.optional(take.list(take.identity()), { summary: 'The mailboxes that it is about; a hold needs some.' }),
  SearchQuery: take.optional(take.nullable(take.string()), { summary: 'What items it is about, in the query language of searches; without one, all.' }),
  Senders: texts('What comes from any of these addresses, names or domains.'),
  Recipients: texts('What goes to any of these addresses, names or domains.'),
  MessageTypes: take.optional(take.nullable(take.list(take.oneOf(messageTypes))), { summary: 'Items of these kinds.' }),
  StartDate: take.optional(take.nullable(take.instant()), { summary: 'Received since then.' }),
  EndDate: take.optional(take.nullable(take.instant()), { summary: 'Received before then.' }),
  InPlaceHoldEnabled: take.optional(take.boolean(), { summary: 'Whether what it is about is held: nothing of it is lost, whoever deletes or changes it.' }),
  ItemHoldPeriod: take.optional(take.string(), { summary: 'How long an item is held from when it came: Unlimited, or days (2555).' }),
  Description: take.optional(take.nullable(take.string())),
  Language: take.optional(take.nullable(take.string())),
  TargetMailbox: take.optional(take.nullable(take.identity()), { summary: 'The discovery mailbox that Start-MailboxSearch copies to what it finds.' }),
  LogLevel: take.optional(take.oneOf(logLevels), { summary: 'What a message beside the copies tells: nothing, what was asked and how much was found (Basic), or a list of it too (Full).' }),
  EstimateOnly: take.optional(take.switched(), { summary: 'What is found is counted, and not copied.' }),
} as const // prettier-ignore

/** Searches over mailboxes that are kept, and the holds by query that they are: the same that EWS sets and shows. */
export function mailboxSearchCmdlets({ mailboxes, random }: Needs): Cmdlet[] {
  const all = (context: CmdletContext) => mailboxes.mailboxHolds(administratorCaller(context.caller))
  return [
    cmdlet('New-MailboxSearch', {
      summary: 'Keeps a search over mailboxes, and holds what it is about with -InPlaceHoldEnabled.',
      roles,
      parameters: {
        Name: take.mandatory(take.string(), { position: 0 }),
        ...parameters,
        InPlaceHoldIdentity: take.optional(take.string(), { summary: 'By which mailboxes name the hold; made up when it is left out.' }),
      },
      returns: 'MailboxSearch',
      examples: [
        {
          command:
            "New-MailboxSearch Contract -SourceMailboxes mary -SearchQuery 'subject:contract' -InPlaceHoldEnabled $true -ItemHoldPeriod 2555",
          says: 'Keeps what Mary has on contracts for seven years, whatever she deletes.',
        },
      ],
      async run(args: Bag, context) {
        const name = plainText('Name', args.Name, 256)
        if (name === '') throw new Refusal('InvalidParameter', '-Name must not be empty.', { parameter: 'Name' })
        const identity = args.InPlaceHoldIdentity === undefined ? newGuid(random) : plainText('InPlaceHoldIdentity', args.InPlaceHoldIdentity, 256) // prettier-ignore
        const createdBy = context.caller.address || context.caller.name
        const fresh: MailboxHold = { id: name, identity, query: '', mailboxes: [], created: context.clock(), createdBy, off: true }
        const hold = await mailboxes.changeMailboxHold(administratorCaller(context.caller), name, (before) => {
          if (before) throw new Refusal('NameTaken', `There is a mailbox search '${before.id}' already.`, { key: name })
          return changed(context, fresh, args)
        })
        return shownSearch(context, hold ?? fresh)
      },
    }),
    cmdlet('Set-MailboxSearch', {
      summary: 'Changes a search over mailboxes, or begins or ends its hold.',
      roles,
      parameters: { Identity: identity, ...parameters },
      async run(args: Bag, context) {
        await changeSearch(mailboxes, context, String(args.Identity), (before) => changed(context, before, args))
      },
    }),
    cmdlet('Get-MailboxSearch', {
      summary: 'Shows the searches over mailboxes that are kept, and which of them hold.',
      roles,
      parameters: {
        Identity: take.optional(take.identity(), { position: 0, pipeline: true }),
        InPlaceHoldIdentity: take.optional(take.string(), { summary: 'The one by which mailboxes name it so.' }),
        ResultSize: take.optional(take.count(), { fallback: 1000 }),
      },
      returns: 'MailboxSearch',
      async run({ Identity, InPlaceHoldIdentity, ResultSize = 1000 }, context) {
        const one = Identity ?? InPlaceHoldIdentity
        const found = one === undefined ? (await all(context)).slice(0, ResultSize) : [await searchNamed(mailboxes, context, one)]
        return Promise.all(found.map((hold) => shownSearch(context, hold)))
      },
    }),
    cmdlet('Remove-MailboxSearch', {
      summary: 'Forgets a search over mailboxes whose hold has been ended.',
      roles,
      destroys: true,
      parameters: { Identity: identity },
      async run({ Identity }, context) {
        await changeSearch(mailboxes, context, Identity, async ({ id, mailboxes: held, off }) => {
          await reached(context, held)
          if (off) return undefined
          throw new Refusal('InvalidOperation', `'${id}' holds mailboxes: end that first (Set-MailboxSearch -InPlaceHoldEnabled $false).`)
        })
      },
    }),
  ]
}

/** A hold with what the arguments ask for; every mailbox it was about, and is about, is one that the caller reaches. */
async function changed(context: CmdletContext, before: MailboxHold, args: Bag): Promise<MailboxHold> {
  await reached(context, before.mailboxes)
  const given = (args.SourceMailboxes ?? []) as string[]
  if (given.length > most.mailboxes)
    throw new Refusal('InvalidParameter', `-SourceMailboxes takes at most ${most.mailboxes}.`, { parameter: 'SourceMailboxes' })
  const sources: Recipient[] = []
  for (const name of given) sources.push(await recipientFor(context, 'Mailbox', name))
  const ids = args.SourceMailboxes === undefined ? before.mailboxes : [...new Set(sources.map(({ mailbox }) => mailbox))]
  await reached(context, ids)
  const hold: Record<string, unknown> = { ...before, mailboxes: ids, changed: context.clock() }
  const put = (key: keyof MailboxHold, name: string, read: (value: unknown) => unknown) => {
    if (args[name] === undefined) return
    if (args[name] === null) delete hold[key]
    else hold[key] = read(args[name])
  }
  put('senders', 'Senders', (value) => people('Senders', value))
  put('recipients', 'Recipients', (value) => people('Recipients', value))
  put('messageTypes', 'MessageTypes', (value) => value)
  put('start', 'StartDate', Number)
  put('end', 'EndDate', Number)
  put('period', 'ItemHoldPeriod', (value) => holdPeriod('ItemHoldPeriod', value))
  put('description', 'Description', (value) => plainText('Description', value, 1024, true))
  put('language', 'Language', (value) => plainText('Language', value, 64))
  if (args.SearchQuery !== undefined) hold.query = String(args.SearchQuery ?? '')
  put('logLevel', 'LogLevel', (value) => value)
  if (args.EstimateOnly === true) hold.estimateOnly = true
  else if (args.EstimateOnly === false) delete hold.estimateOnly
  if (args.TargetMailbox === null) delete hold.target
  else if (args.TargetMailbox !== undefined) hold.target = await targetFor(context, String(args.TargetMailbox))
  if (args.InPlaceHoldEnabled === true) delete hold.off
  else if (args.InPlaceHoldEnabled === false) hold.off = true
  if (!hold.off && ids.length === 0)
    throw new Refusal('InvalidParameter', 'A hold needs -SourceMailboxes: the mailboxes that it is about.', { parameter: 'SourceMailboxes' }) // prettier-ignore
  return hold as unknown as MailboxHold
}

/** The discovery mailbox named, which the caller's roles reach; one of another sort → ObjectNotFound. */
async function targetFor(context: CmdletContext, name: string): Promise<string> {
  const target = await recipientFor(context, 'Mailbox', name, ['DiscoveryMailbox'])
  await context.mayChange(target)
  return target.mailbox
}

/** Addresses, names or domains, each with something that can be looked for. */
function people(name: string, value: unknown): string[] {
  const found = (value as string[]).map((one) => plainText(name, one, 320))
  if (found.length > most.names || !found.every((one) => /[\p{L}\p{N}]/u.test(one)))
    throw new Refusal('InvalidParameter', `-${name} takes at most ${most.names} addresses, names or domains.`, { parameter: name })
  return found
}

async function shownSearch({ directory, organisation }: CmdletContext, hold: MailboxHold): Promise<Record<string, unknown>> {
  const owners = await Promise.all(hold.mailboxes.map((id) => directory.recipientOfMailbox(organisation, id)))
  const target = hold.target === undefined ? undefined : await directory.recipientOfMailbox(organisation, hold.target)
  const { run } = hold
  const at = (time: number | undefined) => (time === undefined ? null : new Date(time))
  return {
    Identity: hold.id,
    Name: hold.id,
    InPlaceHoldEnabled: !hold.off,
    InPlaceHoldIdentity: hold.identity ?? hold.id,
    ItemHoldPeriod: hold.period ?? 'Unlimited',
    SourceMailboxes: owners.flatMap((owner) => (owner ? [nameOf(owner)] : [])),
    SearchQuery: hold.query,
    Senders: hold.senders ?? [],
    Recipients: hold.recipients ?? [],
    MessageTypes: hold.messageTypes ?? [],
    StartDate: at(hold.start),
    EndDate: at(hold.end),
    Language: hold.language ?? '',
    Description: hold.description ?? '',
    CreatedBy: hold.createdBy ?? '',
    WhenCreated: at(hold.created),
    LastModifiedTime: at(hold.changed ?? hold.created),
    TargetMailbox: target ? nameOf(target) : '',
    LogLevel: hold.logLevel ?? 'Basic',
    EstimateOnly: hold.estimateOnly === true,
    Status: run?.status ?? 'NotStarted',
    ResultNumber: run?.items ?? 0,
    ResultSize: new ByteSize(run?.size ?? 0),
    LastRunBy: run?.by ?? '',
    LastStartTime: at(run?.started),
    LastEndTime: at(run?.ended),
    Errors: run?.error ? [run.error] : [],
  }
}
