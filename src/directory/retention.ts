import type { Instant } from '#model'
import { TimeSpan } from '#model'
import type { Store } from '#store'
import type { ConfigurationObject } from './configuration/contract.ts'
import type { RetentionAction, RetentionTagType } from './configuration/retention-kinds.ts'
import { locate, shown, storedOf, untouchedBuiltIn, valueKey, type Stored } from './configuration/stored.ts'
import type { Recipient } from './contract.ts'

/** The store, or one transaction of it. */
type Objects = Pick<Store, 'objects'>

/** A retention tag as it acts. */
export interface RetentionTagRow {
  /** RetentionId, lower case: what items and folders name. */
  id: string
  name: string
  type: RetentionTagType
  action: RetentionAction
  /** Milliseconds after which it acts; undefined = never (it is off, or has no limit). */
  age: number | undefined
  /** Of which classes of items a tag for everything is; `*` stands for any text. */
  messageClass: string
  comment: string
  /** The mailbox has it beside those of its policy (Set-RetentionPolicyTag -OptionalInMailbox). */
  optedInto: boolean
  localisedNames: readonly string[]
  localisedComments: readonly string[]
}

export interface RetentionPolicyRow {
  name: string
  tags: RetentionTagRow[]
}

const kind = 'RetentionPolicyTag'

/** The tag with this RetentionId; undefined = there is none, or it was deleted: what names it is as if it named none. */
export async function retentionTag(tx: Objects, organisation: string, id: string): Promise<RetentionTagRow | undefined> {
  const wanted = id.trim().toLowerCase()
  const stored = storedOf(await tx.objects.byKey(organisation, valueKey(kind, 'RetentionId', wanted)))
  // One that nobody has changed goes by its own GUID.
  const found = stored ?? (await untouchedBuiltIn(tx, organisation, kind, wanted))
  return found && tagRow(tagShown(organisation, found))
}

/** The retention policy of a mailbox (Set-Mailbox -RetentionPolicy) with those of its tags that are there; undefined = it has none. */
export async function retentionPolicyOf(
  tx: Objects,
  organisation: string,
  { kept }: Pick<Recipient, 'kept'>,
): Promise<RetentionPolicyRow | undefined> {
  const identity = kept?.RetentionPolicy
  if (typeof identity !== 'string' || identity === '') return undefined
  const stored = await locate(tx, organisation, 'RetentionPolicy', identity)
  if (!stored) return undefined
  const { Name, RetentionPolicyTagLinks } = shown(
    organisation,
    'RetentionPolicy',
    stored,
  ) as unknown as ConfigurationObject<'RetentionPolicy'>
  const tags: RetentionTagRow[] = []
  const chosen = optionalTagsOf({ kept }).filter((id) => !RetentionPolicyTagLinks.includes(id))
  for (const link of [...RetentionPolicyTagLinks, ...chosen]) {
    // One that was deleted is in no policy any more.
    const tag = await locate(tx, organisation, kind, link)
    if (tag) tags.push({ ...tagRow(tagShown(organisation, tag)), optedInto: chosen.includes(link) })
  }
  return { name: Name, tags }
}

/** GUIDs of the personal tags that a mailbox has beside those of its policy. */
export function optionalTagsOf({ kept }: Pick<Recipient, 'kept'>): readonly string[] {
  const chosen = kept?.OptionalRetentionTags
  return Array.isArray(chosen) ? (chosen as readonly string[]) : []
}

/** True while retention policies wait for a mailbox: Set-Mailbox -RetentionHoldEnabled, between its dates where it has some. */
export function isOnRetentionHold({ kept = {} }: Pick<Recipient, 'kept'>, now: Instant): boolean {
  const { RetentionHoldEnabled: on, StartDateForRetentionHold: start, EndDateForRetentionHold: end } = kept
  return on === true && !(typeof start === 'number' && now < start) && !(typeof end === 'number' && now >= end)
}

const tagShown = (organisation: string, stored: Stored) => shown(organisation, kind, stored) as unknown as ConfigurationObject<typeof kind>

function tagRow(tag: ConfigurationObject<typeof kind>): RetentionTagRow {
  return {
    id: tag.RetentionId || tag.Guid,
    name: tag.Name,
    type: tag.Type,
    action: tag.RetentionAction,
    age: tag.RetentionEnabled ? TimeSpan.parse(tag.AgeLimitForRetention)?.ms : undefined,
    messageClass: tag.MessageClass,
    comment: tag.Comment,
    optedInto: false,
    localisedNames: tag.LocalizedRetentionPolicyTagName,
    localisedComments: tag.LocalizedComment,
  }
}
