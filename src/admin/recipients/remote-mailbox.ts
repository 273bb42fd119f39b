import type { Recipient } from '#directory'
import { Refusal } from '#model'
import { cmdlet, type CmdletContext } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { mailUserNoun, recipientFor } from './find.ts'
import { aliasFrom, namesOf, people } from './names.ts'
import { plainAddress } from './new-mail-recipients.ts'
import { shownRecipient } from './shown.ts'

type RemoteKind = NonNullable<Recipient['remoteMailbox']>
const sorts = {
  Shared: take.optional(take.switched()),
  Room: take.optional(take.switched()),
  Equipment: take.optional(take.switched()),
  RemoteRoutingAddress: take.optional(take.string()),
} as const

/**
 * A person here whose mailbox is on the other side: a mail user with a remote routing address (New-RemoteMailbox; hybrid.md 9 step 1). Left
 * out, the address is the alias in the remote domain that is the target delivery domain.
 */
export const newRemoteMailbox = cmdlet('New-RemoteMailbox', {
  summary: 'Makes a person here whose mailbox is on the other side of the organisation.',
  roles: ['Mail Recipient Creation'],
  parameters: {
    Name: take.mandatory(take.string(), { position: 0 }),
    UserPrincipalName: take.optional(take.string()),
    Password: take.optional(take.secureString()),
    ...people,
    ...sorts,
    OnPremisesOrganizationalUnit: take.optional(take.string()),
    ResetPasswordOnNextLogon: take.optional(take.boolean()),
  },
  returns: 'RemoteMailbox',
  async run({ Name, UserPrincipalName, Password, Alias, PrimarySmtpAddress, RemoteRoutingAddress, ...rest }, context) {
    const remoteMailbox = sortOf('New-RemoteMailbox', rest)
    if (remoteMailbox === 'UserMailbox' && (UserPrincipalName === undefined || Password === undefined)) {
      throw new Refusal(
        'InvalidParameter',
        'New-RemoteMailbox needs -UserPrincipalName and -Password, except with -Shared, -Room or -Equipment.',
        {
          cmdlet: 'New-RemoteMailbox',
        },
      )
    }
    const alias = Alias ?? aliasFrom(UserPrincipalName?.split('@', 1)[0] ?? Name)
    const { directory, organisation } = context
    const owner = await directory.organisation(organisation)
    const address = PrimarySmtpAddress ?? `${alias}@${owner?.defaultDomain ?? ''}`
    const routing = await routingAddress(context, alias, RemoteRoutingAddress)
    const made = await directory.create(organisation, {
      kind: 'MailUser',
      alias,
      remoteMailbox,
      address,
      externalAddress: routing,
      proxyAddresses: [`smtp:${routing}`],
      userPrincipalName: UserPrincipalName ?? address,
      ...namesOf(Name, rest),
    })
    if (Password !== undefined) await directory.setPassword(made, Password)
    return shownRecipient(made, context)
  },
})

/** Gives somebody who is here already a mailbox on the other side (Enable-RemoteMailbox). Who has a mailbox here → ObjectNotFound. */
export const enableRemoteMailbox = cmdlet('Enable-RemoteMailbox', {
  summary: 'Says of a mail user that the mailbox is on the other side of the organisation.',
  roles: ['Mail Recipient Creation', 'Mail Recipients'],
  parameters: {
    Identity: take.mandatory(take.identity(), { position: 0, pipeline: true }),
    Alias: take.optional(take.string()),
    DisplayName: take.optional(take.string()),
    PrimarySmtpAddress: take.optional(take.string()),
    ...sorts,
  },
  returns: 'RemoteMailbox',
  async run({ Identity, Alias, DisplayName, PrimarySmtpAddress, RemoteRoutingAddress, ...rest }, context) {
    const person = await recipientFor(context, mailUserNoun, Identity)
    const routing = await routingAddress(context, Alias ?? person.alias, RemoteRoutingAddress)
    const { directory, organisation } = context
    const changed = await directory.update(organisation, person.id, {
      remoteMailbox: sortOf('Enable-RemoteMailbox', rest),
      externalAddress: routing,
      proxyAddresses: [...new Set([...person.proxyAddresses, `smtp:${routing}`])],
      ...(Alias === undefined ? {} : { alias: Alias }),
      ...(DisplayName === undefined ? {} : { displayName: DisplayName }),
      ...(PrimarySmtpAddress === undefined ? {} : { address: PrimarySmtpAddress }),
    })
    return shownRecipient(changed, context)
  },
})

interface Sorts {
  Shared?: boolean
  Room?: boolean
  Equipment?: boolean
}

function sortOf(name: string, { Shared, Room, Equipment }: Sorts): RemoteKind {
  const chosen: RemoteKind[] = []
  if (Shared) chosen.push('SharedMailbox')
  if (Room) chosen.push('RoomMailbox')
  if (Equipment) chosen.push('EquipmentMailbox')
  if (chosen.length > 1)
    throw new Refusal('InvalidParameter', `-Shared, -Room and -Equipment of ${name} exclude each other.`, { cmdlet: name })
  return chosen[0] ?? 'UserMailbox'
}

async function routingAddress({ configuration, organisation }: CmdletContext, alias: string, given: string | undefined): Promise<string> {
  if (given !== undefined) return plainAddress(given).toLowerCase()
  const target = (await configuration.list(organisation, 'RemoteDomain')).find((domain) => domain.TargetDeliveryDomain)
  if (target && !target.DomainName.startsWith('*')) return `${alias}@${target.DomainName}`.toLowerCase()
  throw new Refusal(
    'InvalidParameter',
    '-RemoteRoutingAddress is needed: no remote domain is the target delivery domain (Set-RemoteDomain -TargetDeliveryDomain $true).',
    { parameter: 'RemoteRoutingAddress' },
  )
}
