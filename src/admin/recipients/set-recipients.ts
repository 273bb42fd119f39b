import { quotasOutOfOrder, type Recipient } from '#directory'
import { ByteSize, Refusal } from '#model'
import { cmdlet, type Cmdlet, type CmdletContext, type Example } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { changesOf, parametersFor, together, type Bag } from './change.ts'
import { recipientFor } from './find.ts'
import { changing, grouping, nouns, type Noun } from './nouns.ts'
import { setBy } from './properties.ts'
import type { Change } from './property.ts'

/** What a noun's Set- has beside the rows of the table. */
interface Extra {
  noun: Noun
  parameters?: take.Parameters
  more?: (args: Bag, current: Recipient, context: CmdletContext) => Promise<Change | undefined> | Change | undefined
  dangerous?: readonly string[]
}

const kindOf = { Regular: 'UserMailbox', Shared: 'SharedMailbox', Room: 'RoomMailbox', Equipment: 'EquipmentMailbox' } as const
type Sort = keyof typeof kindOf
const type = take.optional(take.oneOf(['Regular', 'Shared', 'Room', 'Equipment']), { summary: 'Makes it a mailbox of another sort.' })
const password = take.optional(take.secureString())

/** Forwards mail, lets others speak for somebody, sets passwords: whoever may do that reads somebody's mail. */
const opening = ['Password', 'ForwardingAddress', 'ForwardingSmtpAddress', 'GrantSendOnBehalfTo']

const extras: readonly Extra[] = [
  { noun: 'Mailbox', dangerous: opening, parameters: { Type: type, Password: password }, more: mailboxChange },
  { noun: 'CASMailbox' },
  { noun: 'User', dangerous: ['AuthenticationPolicy', 'UserPrincipalName'] },
  { noun: 'MailUser', dangerous: opening, parameters: { Password: password }, more: passwordSet },
  { noun: 'RemoteMailbox', parameters: { Type: type }, more: ({ Type }) => (Type === undefined ? undefined : () => ({ remoteMailbox: kindOf[Type as Sort] })) },
  { noun: 'MailContact' },
  { noun: 'Contact' },
  {
    noun: 'DistributionGroup',
    parameters: { RoomList: take.optional(take.switched()), BypassSecurityGroupManagerCheck: take.optional(take.switched()) },
    more: groupChange,
  },
  { noun: 'Group', parameters: { BypassSecurityGroupManagerCheck: take.optional(take.switched()) } },
] // prettier-ignore

const examples: Partial<Record<Noun, readonly Example[]>> = {
  Mailbox: [
    { command: "Set-Mailbox mary -EmailAddresses @{Add = 'projects@contoso.com'}", says: 'Gives Mary one more address and leaves the others.' },
    { command: 'Set-Mailbox sales -GrantSendOnBehalfTo mary,rob -MessageCopyForSentAsEnabled $true', says: 'Mary and Rob write for Sales, which keeps a copy.' },
    { command: 'Set-Mailbox rob -ProhibitSendReceiveQuota 10GB -IssueWarningQuota 9GB', says: 'Limits how much lies in a mailbox.' },
  ],
  User: [{ command: "Set-User rob -Office 'Building 1, 119' -Manager mary", says: 'Changes what the address book tells of Rob.' }],
} // prettier-ignore

/** `Set-` of every noun: its rows of the table, and what it has beside them. */
export const setRecipients: readonly Cmdlet[] = extras.map(({ noun, parameters, more, dangerous }) => {
  const rows = setBy(noun)
  return cmdlet(`Set-${noun}`, {
    summary: `Changes a ${nouns[noun].one}.`,
    roles: noun === 'DistributionGroup' || noun === 'Group' ? [...grouping, ...changing] : changing,
    ...(dangerous ? { dangerous } : {}),
    ...(examples[noun] ? { examples: examples[noun] } : {}),
    parameters: {
      Identity: take.mandatory(take.identity(), { position: 0, pipeline: true }),
      ...parametersFor(rows),
      ...parameters,
    },
    async run(args: Bag, context) {
      const current = await recipientFor(context, noun, String(args.Identity))
      const changes = await changesOf(rows, args, context, current)
      const extra = await more?.(args, current, context)
      if (extra) changes.push(extra)
      if (noun === 'Mailbox' && Object.keys(args).some((name) => name.endsWith('Quota'))) changes.push(quotasInOrder)
      if (changes.length > 0) await context.directory.update(context.organisation, current.id, together(changes))
    },
  })
})

/** Nobody signs in as a mailbox that is no person's; whoever is made a person again can. */
async function mailboxChange(args: Bag, current: Recipient, context: CmdletContext): Promise<Change | undefined> {
  await passwordSet(args, current, context)
  if (args.Type === undefined) return undefined
  const kind = kindOf[args.Type as Sort]
  return () => (kind === current.kind ? {} : { kind, accountDisabled: kind !== 'UserMailbox' })
}

/** Refuses quotas that do not grow from the warning on, as they are after the change, and those that are too large → InvalidParameter. */
const quotasInOrder: Change = ({ quotas = {}, kept = {} }) => {
  const bytes = (name: string) => ByteSize.parse(String(kept[name] ?? ''))?.bytes
  const problem =
    quotasOutOfOrder([
      ['IssueWarningQuota', quotas.issueWarning],
      ['ProhibitSendQuota', quotas.prohibitSend],
      ['ProhibitSendReceiveQuota', quotas.prohibitSendReceive],
    ]) ?? quotasOutOfOrder((['RecoverableItemsWarningQuota', 'RecoverableItemsQuota'] as const).map((name) => [name, bytes(name)]))
  if (problem) throw new Refusal('InvalidParameter', problem, { parameter: 'ProhibitSendReceiveQuota' })
  return {}
}

async function passwordSet({ Password }: Bag, current: Recipient, { directory, mayChange }: CmdletContext): Promise<undefined> {
  if (Password === undefined) return
  await mayChange(current)
  await directory.setPassword(current, String(Password))
}

async function groupChange({ RoomList }: Bag, current: Recipient, context: CmdletContext): Promise<Change | undefined> {
  if (RoomList === undefined) return undefined
  if (RoomList === true) await roomsAlone(context, current.members)
  return () => ({ kind: RoomList === true ? 'RoomList' : 'DistributionGroup' })
}

/** A room list has rooms and other room lists alone → InvalidParameter. */
export function onlyRooms({ kind, remoteMailbox, displayName }: Recipient): void {
  if (kind === 'RoomMailbox' || kind === 'RoomList' || remoteMailbox === 'RoomMailbox') return
  throw new Refusal('InvalidParameter', `'${displayName}' is no room: a room list has rooms alone.`, { parameter: 'Member' })
}

export async function roomsAlone({ directory, organisation }: CmdletContext, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const one = await directory.recipient(organisation, id)
    if (one) onlyRooms(one)
  }
}
