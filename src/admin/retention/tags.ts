import { optionalTagsOf, retentionTagTypes, type ConfigurationObject } from '#directory'
import { Refusal } from '#model'
import { changesOf, setParameters, warnOfInert } from '../configuration/derive.ts'
import { shownObject } from '../configuration/shown.ts'
import { recipientFor } from '../recipients/find.ts'
import { cmdlet, type CmdletContext } from '../registry/cmdlet.ts'
import { matches } from '../registry/matches.ts'
import * as take from '../registry/parameter.ts'
import { policyOf } from './policies.ts'
import { retentionRoles, retentionViewers } from './roles.ts'

const kind = 'RetentionPolicyTag'
/** Tags that a mailbox may have beside its policy. */
const most = 100

/** `Get-RetentionPolicyTag`: all of them, the one named, those of some types, or those that a mailbox's policy has. */
export const getRetentionPolicyTag = cmdlet('Get-RetentionPolicyTag', {
  summary: 'Lists retention tags, or shows the one named (* stands for any text).',
  roles: retentionViewers,
  parameters: {
    Identity: take.optional(take.identity(), { position: 0, pipeline: true }),
    Mailbox: take.optional(take.identity(), { summary: 'Those that the retention policy of this mailbox has.' }),
    OptionalInMailbox: take.optional(take.switched(), { summary: 'With -Mailbox: those that it has beside its policy.' }),
    Types: take.optional(take.list(take.oneOf(retentionTagTypes))),
    IncludeSystemTags: take.optional(take.switched(), { summary: 'Taken and without effect: there are no system tags.' }),
  },
  returns: kind,
  async run({ Identity, Mailbox, OptionalInMailbox, Types }, context) {
    const all = Mailbox === undefined ? await named(context, Identity) : await ofMailbox(context, Mailbox, OptionalInMailbox === true)
    return all.filter(({ Type }) => !Types || Types.includes(Type)).map((tag) => shownObject(kind, tag))
  },
})

async function named({ configuration, organisation }: CmdletContext, identity?: string): Promise<ConfigurationObject<typeof kind>[]> {
  if (identity !== undefined && !identity.includes('*')) return [await configuration.get(organisation, kind, identity)]
  const all = await configuration.list(organisation, kind)
  return identity === undefined ? all : all.filter(({ Name }) => matches(Name, identity))
}

async function ofMailbox(context: CmdletContext, identity: string, optional: boolean): Promise<ConfigurationObject<typeof kind>[]> {
  const recipient = await recipientFor(context, 'Mailbox', identity)
  const chosen = optionalTagsOf(recipient)
  const links = optional ? chosen : [...new Set([...((await policyOf(context, recipient))?.RetentionPolicyTagLinks ?? []), ...chosen])]
  const found = await Promise.all(links.map((link) => context.configuration.find(context.organisation, kind, link)))
  return found.flatMap((tag) => tag ?? [])
}

/** `Set-RetentionPolicyTag`: changes a tag, or gives a mailbox personal tags beside those of its policy. */
export const setRetentionPolicyTag = cmdlet('Set-RetentionPolicyTag', {
  summary: 'Changes the retention tag named, or (-Mailbox -OptionalInMailbox) gives a mailbox personal tags beside those of its policy.',
  roles: retentionRoles,
  parameters: {
    Identity: take.optional(take.identity(), { position: 0, pipeline: true }),
    Name: take.optional(take.string()),
    Mailbox: take.optional(take.identity()),
    OptionalInMailbox: take.optional(take.nullable(take.list(take.identity())), { summary: 'Personal tags; $null = none.' }),
    ...setParameters(kind),
  },
  examples: [
    {
      command: "Set-RetentionPolicyTag -Mailbox mary -OptionalInMailbox '1 Year Delete'",
      says: 'Mary may choose this tag too, whatever her policy has.',
    },
  ],
  async run({ Identity, Name, Mailbox, OptionalInMailbox, ...args }, context) {
    const { organisation, configuration } = context
    if (Mailbox !== undefined && OptionalInMailbox !== undefined) return chooseTags(context, Mailbox, OptionalInMailbox ?? [])
    if (Identity === undefined || Mailbox !== undefined || OptionalInMailbox !== undefined) {
      throw new Refusal('InvalidParameter', 'Set-RetentionPolicyTag needs -Identity, or -Mailbox with -OptionalInMailbox.', { parameter: 'Identity' }) // prettier-ignore
    }
    await configuration.update(organisation, kind, Identity, (current) => ({
      ...(Name === undefined ? {} : { Name }),
      ...changesOf(kind, current as unknown as Record<string, unknown>, args),
    }))
    warnOfInert(kind, args, context.warn)
  },
})

/** Keeps which personal tags a mailbox has. Another sort of tag → InvalidParameter, one that is not there → ObjectNotFound. */
async function chooseTags(context: CmdletContext, identity: string, tags: readonly string[]): Promise<void> {
  if (tags.length > most) throw new Refusal('InvalidParameter', `-OptionalInMailbox takes at most ${most} tags.`, { parameter: 'OptionalInMailbox' }) // prettier-ignore
  const recipient = await recipientFor(context, 'Mailbox', identity)
  const ids = new Set<string>()
  for (const tag of tags) {
    const { Type, Name, Guid } = await context.configuration.get(context.organisation, kind, tag)
    if (Type !== 'Personal') {
      throw new Refusal('InvalidParameter', `-OptionalInMailbox takes personal tags: '${Name}' is for ${Type}.`, { parameter: 'OptionalInMailbox' }) // prettier-ignore
    }
    ids.add(Guid)
  }
  await context.directory.update(context.organisation, recipient.id, ({ kept = {} }) => ({
    kept: { ...kept, OptionalRetentionTags: [...ids] },
  }))
}
