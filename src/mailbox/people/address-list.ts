import type { Recipient } from '#directory'
import { matches, Refusal, type Caller, type Comparable, type PropertyView, type Restriction } from '#model'
import type { MailboxContext } from '../context.ts'
import { checkedRestriction } from '../find/conditions.ts'
import type { FindPeople, FoundPeople, Person } from './contract.ts'

/** People of the directory that one question walks past: where all are listed, and where a restriction looks at each. */
const mostListed = 5000
const mostLookedAt = 20_000
/** People looked at in one step. */
const step = 1000
/** People whom words find, at most. */
export const mostResolved = 100
const kinds = ['UserMailbox', 'SharedMailbox', 'RoomMailbox', 'EquipmentMailbox', 'MailUser', 'RemoteUserMailbox', 'RemoteSharedMailbox', 'RemoteRoomMailbox', 'RemoteEquipmentMailbox', 'MailContact', 'MailUniversalDistributionGroup', 'MailUniversalSecurityGroup', 'RoomList'] // prettier-ignore

/** What of a contact the directory knows of a recipient, as restrictions compare it ([MS-OXWSPERS] 3.1.4.1). */
const compared: Readonly<Record<string, (recipient: Recipient) => Comparable | undefined>> = {
  displayName: ({ displayName }) => displayName,
  givenName: ({ firstName }) => firstName,
  surname: ({ lastName }) => lastName,
  initials: ({ initials }) => initials,
  jobTitle: ({ title }) => title,
  department: ({ department }) => department,
  companyName: ({ company }) => company,
  officeLocation: ({ office }) => office,
  emailAddresses: (recipient) => addressesIn(recipient),
  dateTimeCreated: ({ created }) => created,
}

/** An address without its prefix, as addresses are compared. */
export const plain = (address: string): string => address.replace(/^smtp:/i, '').toLowerCase()

/** Every SMTP address of a recipient, the primary one first. */
export function addressesIn({ proxyAddresses, address }: Recipient): string[] {
  return [...new Set([address, ...proxyAddresses.filter((one) => /^smtp:/i.test(one)).map(plain)])]
}

function viewOf(recipient: Recipient): PropertyView {
  return (path) => ('property' in path && path.key === undefined ? compared[path.property]?.(recipient) : undefined)
}

/** Says whether a recipient fits; without a restriction each does. Too complex → RestrictionTooComplex. */
function testOf(restriction: Restriction | undefined): (recipient: Recipient) => boolean {
  if (!restriction) return () => true
  const checked = checkedRestriction(restriction)
  return (recipient) => matches(checked, viewOf(recipient))
}

/** People of the address list whom the words, the restriction, or both find; without either everybody, by display name. */
export async function peopleListed(ctx: MailboxContext, caller: Caller, input: FindPeople): Promise<FoundPeople> {
  const { words, restriction, offset, limit } = input
  if (!words) return restriction ? restricted(ctx, caller, input) : everybody(ctx, caller, input)
  const found = await resolved(ctx, caller, words, restriction)
  return { people: found.slice(offset, offset + limit).map(personOf), total: found.length }
}

/** Who is called so, of those who are not hidden, and fits. */
export async function resolved(ctx: MailboxContext, caller: Caller, words: string, restriction?: Restriction): Promise<Recipient[]> {
  const found = await ctx.directory.resolve(caller.organisation, words, mostResolved)
  return found.filter((one) => !one.hiddenFromAddressLists).filter(testOf(restriction))
}

const personOf = (recipient: Recipient): Person => ({ contacts: [], recipient })

const listing = ({ organisation }: Caller, { sort }: FindPeople) => ({
  organisation,
  types: kinds,
  sortBy: 'DisplayName',
  descending: sort?.[0]?.descending === true,
})

async function everybody(ctx: MailboxContext, caller: Caller, input: FindPeople): Promise<FoundPeople> {
  const { offset, limit } = input
  if (offset > mostListed) throw new Refusal('ExceededFindCountLimit', `At most the first ${mostListed} people are listed; search by name.`)
  const { recipients, next } = await ctx.directory.search({ ...listing(caller, input), limit: Math.max(mostListed, offset + limit) })
  const shown = recipients.filter((one) => !one.hiddenFromAddressLists)
  return { people: shown.slice(offset, offset + limit).map(personOf), ...(next ? {} : { total: shown.length }) }
}

/** Looks at one after another until the page is full; the total is told where the walk came to the end. */
async function restricted(ctx: MailboxContext, caller: Caller, input: FindPeople): Promise<FoundPeople> {
  const { offset, limit } = input
  const fits = testOf(input.restriction)
  const found: Recipient[] = []
  let after: { after?: NonNullable<Awaited<ReturnType<typeof ctx.directory.search>>['next']> } = {}
  for (let looked = 0; looked < mostLookedAt; looked += step) {
    const { recipients, next } = await ctx.directory.search({ ...listing(caller, input), ...after, limit: step })
    found.push(...recipients.filter((one) => !one.hiddenFromAddressLists && fits(one)))
    const people = found.slice(offset, offset + limit).map(personOf)
    if (!next) return { people, total: found.length }
    if (people.length === limit) return { people }
    after = { after: next }
  }
  throw new Refusal('ExceededFindCountLimit', `The first ${mostLookedAt} people do not fill the page; search by words.`)
}
