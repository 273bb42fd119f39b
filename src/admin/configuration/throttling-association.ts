import type { Recipient } from '#directory'

import { anyRecipient } from '../recipients/find.ts'
import { cmdlet, type Cmdlet, type CmdletContext } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'

const roles = ['Recipient Policies', 'WorkloadManagement']
const identity = take.mandatory(take.identity(), { position: 0, pipeline: true })

const ownPolicy = ({ configuration, organisation }: CmdletContext, { id }: Recipient) =>
  configuration.owner(organisation, 'ThrottlingPolicyAssociation', 'Recipient', id)

/** Which throttling policy holds for a person (Get-/Set-ThrottlingPolicyAssociation). */
export const throttlingAssociationCmdlets: readonly Cmdlet[] = [
  cmdlet('Get-ThrottlingPolicyAssociation', {
    summary: 'Shows which throttling policy somebody was given; none = the one of the organisation or of everybody.',
    roles: [...roles, 'View-Only Configuration'],
    parameters: { Identity: identity },
    returns: 'ThrottlingPolicyAssociation',
    async run({ Identity }, context) {
      const who = await anyRecipient(context, Identity)
      const own = await ownPolicy(context, who)
      const policy = own && (await context.configuration.find(context.organisation, 'ThrottlingPolicy', own.ThrottlingPolicyId))
      return { Identity: who.displayName, Name: who.displayName, ObjectId: who.id, ThrottlingPolicyId: policy?.Name ?? '' }
    },
  }),
  cmdlet('Set-ThrottlingPolicyAssociation', {
    summary: 'Gives somebody a throttling policy; $null takes it back.',
    roles,
    parameters: { Identity: identity, ThrottlingPolicy: take.mandatory(take.nullable(take.identity())) },
    async run({ Identity, ThrottlingPolicy }, context) {
      const { configuration, organisation } = context
      const who = await anyRecipient(context, Identity)
      await context.mayChange(who)
      const policy = ThrottlingPolicy === null ? undefined : await configuration.get(organisation, 'ThrottlingPolicy', ThrottlingPolicy)
      const own = await ownPolicy(context, who)
      if (!policy) return void (own && (await configuration.remove(organisation, 'ThrottlingPolicyAssociation', own.Name)))
      const ThrottlingPolicyId = policy.Guid
      if (own) await configuration.update(organisation, 'ThrottlingPolicyAssociation', own.Name, { ThrottlingPolicyId })
      else await configuration.create(organisation, 'ThrottlingPolicyAssociation', { Recipient: who.id, ThrottlingPolicyId })
    },
  }),
]
