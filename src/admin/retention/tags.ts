import { retentionTagTypes, type ConfigurationObject } from '#directory'
import { shownObject } from '../configuration/shown.ts'
import { recipientFor } from '../recipients/find.ts'
import { cmdlet, type CmdletContext } from '../registry/cmdlet.ts'
import { matches } from '../registry/matches.ts'
import * as take from '../registry/parameter.ts'
import { policyOf } from './policies.ts'
import { retentionViewers } from './roles.ts'

const kind = 'RetentionPolicyTag'

/** `Get-RetentionPolicyTag`: all of them, the one named, those of some types, or those that a mailbox's policy has. */
export const getRetentionPolicyTag = cmdlet('Get-RetentionPolicyTag', {
  summary: 'Lists retention tags, or shows the one named (* stands for any text).',
  roles: retentionViewers,
  parameters: {
    Identity: take.optional(take.identity(), { position: 0, pipeline: true }),
    Mailbox: take.optional(take.identity(), { summary: 'Those that the retention policy of this mailbox has.' }),
    Types: take.optional(take.list(take.oneOf(retentionTagTypes))),
    IncludeSystemTags: take.optional(take.switched(), { summary: 'Taken and without effect: there are no system tags.' }),
  },
  returns: kind,
  async run({ Identity, Mailbox, Types }, context) {
    const all = Mailbox === undefined ? await named(context, Identity) : await ofMailbox(context, Mailbox)
    return all.filter(({ Type }) => !Types || Types.includes(Type)).map((tag) => shownObject(kind, tag))
  },
})

async function named({ configuration, organisation }: CmdletContext, identity?: string): Promise<ConfigurationObject<typeof kind>[]> {
  if (identity !== undefined && !identity.includes('*')) return [await configuration.get(organisation, kind, identity)]
  const all = await configuration.list(organisation, kind)
  return identity === undefined ? all : all.filter(({ Name }) => matches(Name, identity))
}

async function ofMailbox(context: CmdletContext, identity: string): Promise<ConfigurationObject<typeof kind>[]> {
  const policy = await policyOf(context, await recipientFor(context, 'Mailbox', identity))
  const found = await Promise.all(
    (policy?.RetentionPolicyTagLinks ?? []).map((link) => context.configuration.find(context.organisation, kind, link)),
  )
  return found.flatMap((tag) => tag ?? [])
}
