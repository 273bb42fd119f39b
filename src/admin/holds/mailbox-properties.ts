import type { Recipient } from '#directory'
import { periodOf } from '#mailbox'
import { Refusal, TimeSpan } from '#model'
import { plainText, shown, type RecipientProperty } from '../recipients/property.ts'
import type { CmdletContext } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'

const nouns = ['Mailbox'] as const
const day = 86_400_000
/** What .NET's scripts may say at most. */
const longest = new TimeSpan(24_855 * day)

type Kept = NonNullable<Recipient['kept']>

/** Something of a mailbox that is kept by Exchange's name, and that deleting goes by (`mailbox/recoverable/keeping`). */
function row(
  name: string,
  parameter: RecipientProperty['parameter'],
  get: (kept: Kept) => unknown,
  read: (value: unknown) => Kept[string] | undefined,
  also: (value: unknown) => Kept = () => ({}),
): RecipientProperty {
  return {
    name,
    nouns,
    parameter,
    get: ({ kept = {} }) => get(kept),
    set: (value) => {
      const next = value === null ? undefined : read(value)
      return ({ kept = {} }) => ({ kept: { ...without(kept, name), ...also(value), ...(next === undefined ? {} : { [name]: next }) } })
    },
  }
}

function without(kept: Kept, ...names: string[]): Kept {
  return Object.fromEntries(Object.entries(kept).filter(([name]) => !names.includes(name)))
}

/** `Unlimited`, or days or a time span, as it is shown; anything else → InvalidParameter. */
export function holdPeriod(name: string, value: unknown): string {
  const text = String(value).trim()
  const period = text === '' ? undefined : periodOf(text)
  if (period === undefined || (Number.isFinite(period) && period > longest.ms)) {
    throw new Refusal('InvalidParameter', `-${name} must be Unlimited, or days or a time span from a day to ${longest.toString()}.`, { parameter: name }) // prettier-ignore
  }
  return period === Infinity ? 'Unlimited' : new TimeSpan(period).toString()
}

const enabled: RecipientProperty = {
  name: 'LitigationHoldEnabled',
  nouns,
  parameter: take.optional(take.boolean(), {
    summary: 'Whether nothing of the mailbox is lost, whoever deletes or changes it; when and by whom it was set is written down.',
  }),
  get: ({ kept }) => kept?.LitigationHoldEnabled === true,
  set: (value, { caller, clock }) => {
    return ({ kept = {} }) => {
      if (value !== true) return { kept: { ...without(kept, 'LitigationHoldDate', 'LitigationHoldOwner'), LitigationHoldEnabled: false } }
      if (kept.LitigationHoldEnabled === true) return { kept }
      return {
        kept: { ...kept, LitigationHoldEnabled: true, LitigationHoldDate: clock(), LitigationHoldOwner: caller.address || caller.name },
      }
    }
  },
}

/** Shown to administrators alone: nobody is told that their own mailbox is held. */
function untold(property: RecipientProperty): RecipientProperty {
  const isTold = ({ rights }: CmdletContext) => !rights || rights.isAdministrator
  return { ...property, get: (recipient, context) => (isTold(context) ? property.get(recipient, context) : null) }
}

const ofHolds: readonly RecipientProperty[] = [
  enabled,
  row(
    'LitigationHoldDuration',
    take.optional(take.nullable(take.string()), {
      summary: 'How long an item is held from when it came: Unlimited, or days or a time span (2555, 2555.00:00:00).',
    }),
    (kept) => kept.LitigationHoldDuration ?? 'Unlimited',
    (value) => holdPeriod('LitigationHoldDuration', value),
  ),
  row(
    'LitigationHoldDate',
    take.optional(take.nullable(take.instant()), { summary: 'Since when it is held; set with the hold.' }),
    ({ LitigationHoldDate: at }) => (typeof at === 'number' ? new Date(at) : null),
    (value) => Number(value),
  ),
  row(
    'LitigationHoldOwner',
    take.optional(take.nullable(take.string()), { summary: 'Who set the hold; set with it.' }),
    (kept) => kept.LitigationHoldOwner ?? '',
    (value) => plainText('LitigationHoldOwner', value, 1024),
  ),
  shown('InPlaceHolds', nouns, ({ mailbox }, { directory, organisation }) => (mailbox ? directory.heldBy(organisation, mailbox) : [])),
]

/** What of a mailbox is kept when it is deleted, one row a property. They act within the write that deletes. */
export const holdProperties: readonly RecipientProperty[] = [
  ...ofHolds.map(untold),
  row(
    'SingleItemRecoveryEnabled',
    take.optional(take.boolean(), { summary: 'Whether what its owner purges, and old versions, stay as long as what is deleted.' }),
    (kept) => kept.SingleItemRecoveryEnabled !== false,
    (value) => value === true,
  ),
  row(
    'RetainDeletedItemsFor',
    take.optional(take.nullable(take.within(take.timeSpan(), new TimeSpan(0), longest)), {
      summary: 'How long what is deleted stays (14, 14.00:00:00), instead of as the database says.',
    }),
    (kept) => TimeSpan.parse(String(kept.RetainDeletedItemsFor ?? '')) ?? new TimeSpan(14 * day),
    (value) => String(value),
    (value) => ({ UseDatabaseRetentionDefaults: value === null }),
  ),
  row(
    'UseDatabaseRetentionDefaults',
    take.optional(take.boolean(), {
      summary: 'What is deleted stays as long as the database says; so it does unless it has a time of its own.',
    }),
    (kept) => kept.UseDatabaseRetentionDefaults ?? kept.RetainDeletedItemsFor === undefined,
    (value) => value === true,
  ),
]
