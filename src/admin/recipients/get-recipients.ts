import { recipientTypeOf, recipientTypes, type FoundRecipients, type Recipient } from '#directory'
import { Refusal } from '#model'
import { cmdlet, type Cmdlet, type CmdletContext, type Example } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { recipientFor } from './find.ts'
import { nouns, viewing, grouping, type Noun } from './nouns.ts'
import { shownBy } from './properties.ts'
import { shownRecipient } from './shown.ts'

const pageSize = 500
const usualResultSize = 1000
const mostResolved = 1000

/** Nouns whose `Get-` lists recipients. */
const listed: readonly Noun[] = ['Mailbox', 'User', 'MailUser', 'RemoteMailbox', 'MailContact', 'Contact', 'DistributionGroup', 'Group', 'CASMailbox', 'Recipient'] // prettier-ignore
const examples: Partial<Record<Noun, readonly Example[]>> = {
  Mailbox: [
    { command: 'Get-Mailbox mary | Format-List', says: 'Shows all there is to say of Mary’s mailbox.' },
    { command: "Get-Mailbox -Filter \"Office -eq 'Building 1' -and Alias -like 'room*'\" -SortBy DisplayName", says: 'Lists mailboxes that a filter finds, in order.' },
    { command: 'Get-Mailbox -PublicFolder', says: 'Lists the mailboxes that hold public folders, which stand among no others.' },
    { command: 'Get-Mailbox -RecipientTypeDetails SharedMailbox -ResultSize Unlimited', says: 'Lists every shared mailbox.' },
  ],
  Recipient: [
    { command: 'Get-Recipient mary.jensen@contoso.com', says: 'Tells whose an address is.' },
    { command: "Get-Recipient -Filter \"Department -eq 'Sales'\" -Properties DisplayName,PrimarySmtpAddress", says: 'Two columns of whoever is in Sales.' },
    { command: 'Get-Recipient -ResultSize Unlimited | Group-Object RecipientTypeDetails', says: 'Counts recipients by their type.' },
  ],
  DistributionGroup: [{ command: 'Get-DistributionGroup rooms | Format-List', says: 'Shows a group.' }],
  CASMailbox: [{ command: 'Get-CASMailbox mary', says: 'Shows by which protocols Mary may open her mailbox.' }],
} // prettier-ignore

/** Mailboxes of other sorts that Exchange has and this server has not. */
const notHere: Partial<Record<Noun, readonly string[]>> = {
  Mailbox: ['Arbitration', 'AuditLog', 'AuxAuditLog', 'GroupMailbox', 'InactiveMailboxOnly', 'Monitoring', 'RemoteArchive', 'SoftDeletedMailbox'],
  RemoteMailbox: ['Archive'],
  User: ['Arbitration', 'PublicFolder'],
} // prettier-ignore

const parameters = {
  Identity: take.optional(take.identity(), { position: 0, pipeline: true }),
  Filter: take.optional(take.filter(), { summary: "An OPATH filter, as Department -eq 'Sales' -and Alias -like 'm*'." }),
  Anr: take.optional(take.string(), { summary: 'A beginning of names, alias or address.' }),
  ResultSize: take.optional(take.count(), { fallback: usualResultSize }),
  SortBy: take.optional(take.string()),
  ReadFromDomainController: take.optional(take.switched()),
  IgnoreDefaultScope: take.optional(take.switched()),
} as const

interface Asked {
  Identity?: string
  Filter?: string
  Anr?: string
  ResultSize?: number
  SortBy?: string
  Archive?: boolean
  RecipientType?: string[]
  RecipientTypeDetails?: string[]
  PublicFolder?: boolean
}

/** `Get-` of every noun: one by any of its identities, or those that a filter finds, in an order, page by page as they are read. */
export const getRecipients: readonly Cmdlet[] = listed.map((noun) => {
  const { one, many } = nouns[noun]
  const types = noun === 'Recipient' ? [...nouns[noun].types, ...(nouns[noun].apart ?? [])] : nouns[noun].types
  const refused = notHere[noun] ?? []
  return cmdlet(`Get-${noun}`, {
    summary: `Lists ${many}, or shows the ${one} named.`,
    roles: noun === 'DistributionGroup' || noun === 'Group' ? [...grouping, ...viewing] : viewing,
    parameters: {
      ...parameters,
      ...(types.length > 1 ? { RecipientTypeDetails: take.optional(take.list(take.oneOf(types))) } : {}),
      ...(noun === 'Mailbox' ? { Archive: take.optional(take.switched(), { summary: 'Those with an archive alone.' }) } : {}),
      ...(noun === 'Recipient' ? { RecipientType: take.optional(take.list(take.oneOf(broadTypes(types)))), Properties: take.optional(take.list(take.string())) } : {}), // prettier-ignore
      ...(noun === 'Mailbox' ? { PublicFolder: take.optional(take.switched()) } : {}),
      ...Object.fromEntries(refused.map((name) => [name, take.optional(take.switched())])),
    },
    returns: noun,
    ...(examples[noun] ? { examples: examples[noun] } : {}),
    async *run(args: Asked & { Properties?: string[] }, context) {
      for (const name of refused) {
        if ((args as Record<string, unknown>)[name] === true)
          throw new Refusal('InvalidParameter', `-${name} of Get-${noun} is not here: there are no such mailboxes on this server.`, {
            parameter: name,
          })
      }
      const columns = args.Properties && columnsOf(noun, args.Properties)
      for await (const recipient of asked(context, noun, args)) {
        const object = await shownRecipient(noun, recipient, context)
        yield columns ? Object.fromEntries(columns.map((name) => [name, object[name]])) : object
      }
    },
  })
})

function broadTypes(details: readonly string[]): string[] {
  return [...new Set(recipientTypes.filter((row) => details.includes(row.details)).map(({ type }) => type))]
}

function columnsOf(noun: Noun, names: readonly string[]): string[] {
  const known = shownBy(noun).map(({ name }) => name)
  return names.map((name) => {
    const found = known.find((each) => each.toLowerCase() === name.trim().toLowerCase())
    if (!found)
      throw new Refusal('InvalidParameter', `-Properties: a ${noun} has no property '${name.slice(0, 60)}'.`, { parameter: 'Properties' })
    return found
  })
}

function asked(context: CmdletContext, noun: Noun, args: Asked): AsyncIterable<Recipient> {
  const given = (['Identity', 'Filter', 'Anr'] as const).filter((name) => args[name] !== undefined)
  if (given.length > 1) {
    throw new Refusal('InvalidParameter', `${given.map((name) => `-${name}`).join(' and ')} of Get-${noun} exclude each other.`, {
      parameter: given[1]!,
    })
  }
  const details = typesAsked(noun, args)
  if (args.Identity !== undefined && !args.Identity.includes('*'))
    return onlyOne(context, noun, args.Identity, details, args.Archive === true)
  const all = args.Anr === undefined ? pages(context, details, args) : resolved(context, details, args.Anr)
  return limited(context, args.Archive === true ? archived(all) : all, args.ResultSize ?? usualResultSize)
}

async function* archived(found: AsyncIterable<Recipient>): AsyncGenerator<Recipient> {
  for await (const recipient of found) if (recipient.archive) yield recipient
}

async function* onlyOne(
  context: CmdletContext,
  noun: Noun,
  identity: string,
  details: readonly string[],
  archived: boolean,
): AsyncGenerator<Recipient> {
  const { types, apart = [] } = nouns[noun]
  const named = noun === 'Recipient' ? [...types, ...apart] : details.some((each) => apart.includes(each)) ? apart : types
  const found = await recipientFor(context, noun, identity, named)
  if (details.some((each) => detailsOf(found) === each) && (!archived || found.archive)) yield found
}

const detailsOf = (recipient: Recipient): string => recipientTypeOf(recipient).details

/** The types looked for. Those that stand apart are found where the switch, the type or, among recipients, the identity names them. */
function typesAsked(noun: Noun, { Identity, RecipientType, RecipientTypeDetails, PublicFolder }: Asked): string[] {
  const broad = new Map(recipientTypes.map(({ details, type }) => [details, type]))
  const { types, apart = [] } = nouns[noun]
  const named = noun === 'Recipient' && (RecipientTypeDetails !== undefined || (Identity !== undefined && !Identity.includes('*')))
  return (PublicFolder ? apart : named ? [...types, ...apart] : types).filter(
    (details) =>
      (!RecipientTypeDetails || RecipientTypeDetails.includes(details)) && (!RecipientType || RecipientType.includes(broad.get(details)!)),
  )
}

/** Reads on only when more is asked for: whatever the number, one page is in memory. */
async function* pages({ directory, organisation, signal }: CmdletContext, types: string[], args: Asked): AsyncGenerator<Recipient> {
  const text = args.Filter ?? (args.Identity === undefined ? undefined : namedLike(args.Identity))
  const filter = text === undefined || text === '' ? undefined : await directory.readFilter(organisation, text)
  const limit = Math.min(pageSize, (args.ResultSize ?? usualResultSize) + 1)
  let after: FoundRecipients['next']
  do {
    signal.throwIfAborted()
    const page = await directory.search({
      organisation,
      types,
      limit,
      ...(filter ? { filter } : {}),
      ...(args.SortBy ? { sortBy: args.SortBy } : {}),
      ...(after ? { after } : {}),
    })
    yield* page.recipients
    after = page.next
  } while (after)
}

/** `ma*`: every name, display name and alias that is so. */
function namedLike(pattern: string): string {
  const quoted = `'${pattern.replaceAll(/['\u2018-\u201b]/g, '$&$&')}'`
  return ['Name', 'DisplayName', 'Alias'].map((property) => `${property} -like ${quoted}`).join(' -or ')
}

async function* resolved({ directory, organisation }: CmdletContext, types: readonly string[], text: string): AsyncGenerator<Recipient> {
  for (const one of await directory.resolve(organisation, text, mostResolved)) if (types.includes(detailsOf(one))) yield one
}

async function* limited(context: CmdletContext, found: AsyncIterable<Recipient>, limit: number): AsyncGenerator<Recipient> {
  let given = 0
  for await (const recipient of found) {
    if (given++ === limit) {
      context.warn(`There are more than ${limit} results; -ResultSize Unlimited gives them all.`)
      return
    }
    yield recipient
  }
}
