import { groupKinds, recipientTypeOf, type Recipient } from '#directory'
import { Refusal } from '#model'
import { cmdlet, type Cmdlet } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { anyRecipient, idsOf, nameOf, recipientFor } from './find.ts'
import { enabled, enableParameters, newParameters, newRecipient } from './make-recipient.ts'
import { withoutMail } from './new-mail-recipients.ts'
import { creating, grouping, viewing } from './nouns.ts'
import { onlyRooms, roomsAlone } from './set-recipients.ts'
import { shownRecipient } from './shown.ts'

const mostMembers = 100_000
const roles = [...grouping, ...creating]
const group = take.mandatory(take.identity(), { position: 0, pipeline: true })
const member = take.identity()
const bypass = { BypassSecurityGroupManagerCheck: take.optional(take.switched()) } as const

const newDistributionGroup = cmdlet('New-DistributionGroup', {
  summary: 'Makes a group with an address: for mail, for rights too, or a list of rooms.',
  roles,
  parameters: {
    ...newParameters('DistributionGroup'),
    Type: take.optional(take.oneOf(['Distribution', 'Security']), { fallback: 'Distribution' }),
    RoomList: take.optional(take.switched()),
    Members: take.optional(take.list(member)),
    CopyOwnerToMember: take.optional(take.switched()),
    IgnoreNamingPolicy: take.optional(take.switched()),
    SamAccountName: take.optional(take.string()),
  },
  returns: 'DistributionGroup',
  examples: [
    { command: "New-DistributionGroup 'Project Atlas' -Alias atlas -Members mary,rob -ManagedBy mary", says: 'Makes a group that Mary looks after.' },
    { command: "New-DistributionGroup 'Building 4' -RoomList", says: 'Makes a room list.' },
  ], // prettier-ignore
  async run(args, context) {
    const { caller, directory, organisation } = context
    const input = await newRecipient('DistributionGroup', args.RoomList ? 'RoomList' : 'DistributionGroup', args, context, {
      requireSenderAuthentication: true,
      ...(args.Type === 'Security' ? { security: true } : {}),
      ...(caller.recipient ? { managedBy: [caller.recipient] } : {}),
    })
    const members = await idsOf(context, args.Members ?? [])
    const all = [...new Set([...members, ...(args.CopyOwnerToMember ? (input.managedBy ?? []) : [])])]
    if (args.RoomList) await roomsAlone(context, all)
    return shownRecipient('DistributionGroup', await directory.create(organisation, { ...input, members: all }), context)
  },
})

const enableDistributionGroup = cmdlet('Enable-DistributionGroup', {
  summary: 'Gives a group without mail an address.',
  roles,
  parameters: enableParameters(),
  returns: 'DistributionGroup',
  async run(args, context) {
    const found = await withoutMail(context, args.Identity, ['UniversalDistributionGroup', 'UniversalSecurityGroup'])
    const changes = { ...(await enabled(args, found, context)), kind: 'DistributionGroup' as const }
    return shownRecipient('DistributionGroup', await context.directory.update(context.organisation, found.id, changes), context)
  },
})

const getMembers = cmdlet('Get-DistributionGroupMember', {
  summary: 'Lists the members of a group.',
  roles: [...grouping, ...viewing],
  parameters: {
    Identity: group,
    ResultSize: take.optional(take.count(), { fallback: 1000 }),
    ReadFromDomainController: take.optional(take.switched()),
  },
  returns: 'Recipient',
  async *run({ Identity, ResultSize = 1000 }, context) {
    const { members } = await recipientFor(context, 'Group', Identity)
    let given = 0
    for (const id of members) {
      const one = await context.directory.recipient(context.organisation, id)
      if (!one) continue
      if (given++ === ResultSize) return context.warn(`There are more than ${ResultSize} results; -ResultSize Unlimited gives them all.`)
      yield await shownRecipient('Recipient', one, context)
    }
  },
})

const addMember = cmdlet('Add-DistributionGroupMember', {
  summary: 'Adds a member to a group.',
  roles,
  parameters: { Identity: group, Member: take.mandatory(member, { position: 1 }), ...bypass },
  async run({ Identity, Member }, context) {
    const to = await recipientFor(context, 'Group', Identity)
    const one = await anyRecipient(context, Member)
    if (one.id === to.id) throw new Refusal('InvalidParameter', `'${nameOf(to)}' cannot be a member of itself.`, { parameter: 'Member' })
    if (to.kind === 'RoomList') onlyRooms(one)
    await context.directory.update(context.organisation, to.id, ({ members }) => {
      if (members.includes(one.id))
        throw new Refusal('NameTaken', `'${nameOf(one)}' is a member of '${nameOf(to)}' already.`, { key: one.id })
      if (members.length >= mostMembers) throw new Refusal('ExceededFindCountLimit', `A group has at most ${mostMembers} members.`)
      return { members: [...members, one.id] }
    })
  },
})

const removeMember = cmdlet('Remove-DistributionGroupMember', {
  summary: 'Takes a member out of a group.',
  roles,
  destroys: true,
  parameters: { Identity: group, Member: take.mandatory(member, { position: 1 }), ...bypass },
  async run({ Identity, Member }, context) {
    const from = await recipientFor(context, 'Group', Identity)
    const one = await anyRecipient(context, Member)
    await context.directory.update(context.organisation, from.id, ({ members }) => {
      if (!members.includes(one.id)) {
        throw new Refusal('ObjectNotFound', `'${nameOf(one)}' is no member of '${nameOf(from)}'.`, { identity: Member.slice(0, 100) })
      }
      return { members: members.filter((id) => id !== one.id) }
    })
  },
})

const updateMembers = cmdlet('Update-DistributionGroupMember', {
  summary: 'Replaces the members of a group.',
  roles,
  destroys: true,
  parameters: { Identity: group, Members: take.mandatory(take.nullable(take.list(member))), ...bypass },
  async run({ Identity, Members }, context) {
    const found = await recipientFor(context, 'Group', Identity)
    const members = await idsOf(context, Members ?? [])
    if (members.includes(found.id))
      throw new Refusal('InvalidParameter', `'${nameOf(found)}' cannot be a member of itself.`, { parameter: 'Members' })
    if (found.kind === 'RoomList') await roomsAlone(context, members)
    await context.directory.update(context.organisation, found.id, { members })
  },
})

/** Who may be given rights: somebody with an account, or a security group → InvalidParameter. */
export function mayHoldRights(recipient: Recipient, parameter: string): void {
  const { kind, security } = recipient
  const group = groupKinds.includes(kind) || kind === 'Group'
  if (group ? security : kind !== 'MailContact' && kind !== 'Contact') return
  const { details } = recipientTypeOf(recipient)
  throw new Refusal(
    'InvalidParameter',
    `'${nameOf(recipient)}' is a ${details}: rights are given to people with an account and to security groups.`,
    { parameter },
  )
}

export const groupCmdlets: readonly Cmdlet[] = [
  newDistributionGroup,
  enableDistributionGroup,
  getMembers,
  addMember,
  removeMember,
  updateMembers,
]
