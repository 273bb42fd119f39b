import type { ConfigurationObject, Recipient } from '#directory'
import { Refusal } from '#model'
import { shownObject } from '../configuration/shown.ts'
import { cmdlet, type Cmdlet, type CmdletContext } from '../registry/cmdlet.ts'
import { matches } from '../registry/matches.ts'
import * as take from '../registry/parameter.ts'
import { retentionRoles, retentionViewers } from './roles.ts'

const kind = 'RetentionPolicy'
type Policy = ConfigurationObject<typeof kind>
type Tag = ConfigurationObject<'RetentionPolicyTag'>

/** The retention policy that a mailbox has; undefined = none, or one that was removed. */
export async function policyOf(
  { configuration, organisation }: CmdletContext,
  { kept }: Pick<Recipient, 'kept'>,
): Promise<Policy | undefined> {
  const identity = kept?.RetentionPolicy
  return typeof identity === 'string' ? configuration.find(organisation, kind, identity) : undefined
}

/** The tags that links name, in their order; one that was removed is in no policy any more. */
async function tagsOf({ configuration, organisation }: CmdletContext, links: readonly string[]): Promise<Tag[]> {
  const found = await Promise.all(links.map((link) => configuration.find(organisation, 'RetentionPolicyTag', link)))
  return found.flatMap((tag) => tag ?? [])
}

/** GUIDs of the tags named, each once. One that is not there → ObjectNotFound. */
async function idsOf({ configuration, organisation }: CmdletContext, identities: readonly string[]): Promise<string[]> {
  const ids = new Set<string>()
  for (const identity of identities) ids.add((await configuration.get(organisation, 'RetentionPolicyTag', identity)).Guid)
  return [...ids]
}

/** Two tags of one policy for the same folder, or for everything of a class, would contradict each other → InvalidConfiguration. */
async function requireDistinct(context: CmdletContext, links: readonly string[]): Promise<void> {
  const seen = new Map<string, string>()
  for (const { Name, Type, RetentionAction, MessageClass } of await tagsOf(context, links)) {
    if (Type === 'Personal') continue
    const key = Type === 'All' ? `${RetentionAction === 'MoveToArchive'} ${MessageClass.toLowerCase()}` : Type
    const other = seen.get(key)
    if (other !== undefined) {
      throw new Refusal('InvalidConfiguration', `A RetentionPolicy has one tag for the same items: '${other}' and '${Name}' are both for ${Type}.`, { kind, property: 'RetentionPolicyTagLinks' }) // prettier-ignore
    }
    seen.set(key, Name)
  }
}

async function shownPolicy(context: CmdletContext, policy: Policy): Promise<Record<string, unknown>> {
  const tags = await tagsOf(context, policy.RetentionPolicyTagLinks)
  return { ...shownObject(kind, policy), RetentionPolicyTagLinks: tags.map(({ Name }) => Name) }
}

const identity = () => take.mandatory(take.identity(), { position: 0, pipeline: true })
const settable = {
  RetentionId: take.optional(take.guid()),
  IsDefault: take.optional(take.switched(), { summary: 'The policy that a mailbox gets which has none when its archive is made.' }),
} as const

export const retentionPolicyCmdlets: readonly Cmdlet[] = [
  cmdlet('Get-RetentionPolicy', {
    summary: 'Lists retention policies, or shows the one named (* stands for any text).',
    roles: retentionViewers,
    parameters: { Identity: take.optional(take.identity(), { position: 0, pipeline: true }) },
    returns: kind,
    async run({ Identity }, context) {
      const { configuration, organisation } = context
      const one = Identity !== undefined && !Identity.includes('*')
      const all = one ? [await configuration.get(organisation, kind, Identity)] : await configuration.list(organisation, kind)
      const wanted = one || Identity === undefined ? all : all.filter(({ Name }) => matches(Name, Identity))
      return Promise.all(wanted.map((policy) => shownPolicy(context, policy)))
    },
  }),
  cmdlet('New-RetentionPolicy', {
    summary: 'Makes a retention policy of retention tags; Set-Mailbox -RetentionPolicy gives it to a mailbox.',
    roles: retentionRoles,
    parameters: {
      Name: take.mandatory(take.string(), { position: 0 }),
      RetentionPolicyTagLinks: take.optional(take.list(take.identity())),
      ...settable,
    },
    returns: kind,
    examples: [
      {
        command: "New-RetentionPolicy 'Clean desk' -RetentionPolicyTagLinks '1 Week Delete', 'Never Delete'",
        says: 'Makes a policy whose tags people may choose.',
      },
    ],
    async run({ Name, RetentionPolicyTagLinks = [], ...values }, context) {
      const links = await idsOf(context, RetentionPolicyTagLinks)
      await requireDistinct(context, links)
      const { configuration, organisation } = context
      return shownPolicy(context, await configuration.create(organisation, kind, { Name, RetentionPolicyTagLinks: links, ...values }))
    },
  }),
  cmdlet('Set-RetentionPolicy', {
    summary: 'Changes the retention policy named.',
    roles: retentionRoles,
    parameters: {
      Identity: identity(),
      Name: take.optional(take.string()),
      RetentionPolicyTagLinks: take.optional(take.nullable(take.listChange(take.identity()))),
      ...settable,
    },
    async run({ Identity, Name, RetentionPolicyTagLinks: asked, ...values }, context) {
      const { configuration, organisation } = context
      const current = await configuration.get(organisation, kind, Identity)
      const naming = Name === undefined ? {} : { Name }
      if (asked === undefined) return void (await configuration.update(organisation, kind, current.Guid, { ...naming, ...values }))
      const given = asked ?? []
      const change = Array.isArray(given)
        ? await idsOf(context, given)
        : { Add: await idsOf(context, given.Add), Remove: await idsOf(context, given.Remove) }
      await requireDistinct(context, take.changedList(current.RetentionPolicyTagLinks, change))
      await configuration.update(organisation, kind, current.Guid, ({ RetentionPolicyTagLinks: links }) => ({
        ...naming,
        ...values,
        RetentionPolicyTagLinks: take.changedList(links, change),
      }))
    },
  }),
  cmdlet('Remove-RetentionPolicy', {
    summary: 'Removes the retention policy named; mailboxes that have it have none then.',
    roles: retentionRoles,
    destroys: true,
    parameters: { Identity: identity(), Force: take.optional(take.switched()) },
    async run({ Identity }, { configuration, organisation }) {
      await configuration.remove(organisation, kind, Identity)
    },
  }),
]
