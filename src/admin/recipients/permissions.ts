import type { Recipient } from '#directory'
import { Refusal } from '#model'
import { cmdlet, type Cmdlet, type CmdletContext } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { anyRecipient, nameOf, namesOfAll, recipientFor } from './find.ts'
import { mayHoldRights } from './groups.ts'
import { changing, viewing } from './nouns.ts'

const self = 'NT AUTHORITY\\SELF'
const identity = take.mandatory(take.identity(), { position: 0, pipeline: true })
const someone = take.identity()
const mailboxRights = ['FullAccess', 'ReadPermission', 'ChangePermission', 'ChangeOwner', 'DeleteItem', 'ExternalAccount'] as const
const inheritance = take.optional(take.oneOf(['All', 'None', 'Children', 'Descendents', 'SelfAndChildren']), { fallback: 'All' })

const grant = (mailbox: Recipient, user: string, rights: readonly string[]) => ({
  Identity: nameOf(mailbox),
  User: user,
  AccessRights: [...rights],
  IsInherited: false,
  Deny: false,
  InheritanceType: 'All',
})

const getMailboxPermission = cmdlet('Get-MailboxPermission', {
  summary: 'Shows who may open a mailbox.',
  roles: viewing,
  parameters: { Identity: identity, User: take.optional(someone), Owner: take.optional(take.switched()) },
  returns: 'MailboxPermission',
  async run({ Identity, User, Owner }, context) {
    const mailbox = await recipientFor(context, 'Mailbox', Identity)
    if (Owner) return { Identity: nameOf(mailbox), Owner: self }
    const wanted = User === undefined ? undefined : await anyRecipient(context, User)
    const holders = mailbox.fullAccess.filter((id) => !wanted || id === wanted.id)
    const named = (await namesOfAll(context, holders)).map((name) => grant(mailbox, name, ['FullAccess']))
    return wanted ? named : [grant(mailbox, self, ['FullAccess', 'ReadPermission']), ...named]
  },
})

const addMailboxPermission = cmdlet('Add-MailboxPermission', {
  summary: 'Lets somebody open a mailbox.',
  roles: changing,
  dangerous: true,
  parameters: {
    Identity: identity,
    User: take.mandatory(someone),
    AccessRights: take.mandatory(take.list(take.oneOf(mailboxRights))),
    InheritanceType: inheritance,
    AutoMapping: take.optional(take.boolean(), { fallback: true, summary: 'Whether programs of the user open the mailbox by themselves.' }),
    Deny: take.optional(take.switched()),
    Owner: take.optional(take.identity()),
  },
  returns: 'MailboxPermission',
  examples: [{ command: 'Add-MailboxPermission sales -User mary -AccessRights FullAccess -AutoMapping $false', says: 'Mary may open the mailbox; Outlook does not show it by itself.' }], // prettier-ignore
  async run({ Identity, User, AccessRights, AutoMapping = true, Deny, Owner }, context) {
    if (Deny || Owner !== undefined) throw notHere('Add-MailboxPermission', Deny ? '-Deny' : '-Owner')
    fullAccessAlone('Add-MailboxPermission', AccessRights)
    const mailbox = await recipientFor(context, 'Mailbox', Identity)
    const user = await anyRecipient(context, User)
    mayHoldRights(user, 'User')
    await context.directory.update(context.organisation, mailbox.id, (current) => {
      const others = (current.noAutoMapping ?? []).filter((id) => id !== user.id)
      if (current.fullAccess.includes(user.id)) context.warn(`'${nameOf(user)}' has that right already.`)
      return { fullAccess: added(current.fullAccess, user.id), noAutoMapping: AutoMapping ? others : [...others, user.id] }
    })
    return grant(mailbox, nameOf(user), ['FullAccess'])
  },
})

const removeMailboxPermission = cmdlet('Remove-MailboxPermission', {
  summary: 'Takes the right to open a mailbox from somebody.',
  roles: changing,
  destroys: true,
  parameters: {
    Identity: identity,
    User: take.mandatory(someone),
    AccessRights: take.mandatory(take.list(take.oneOf(mailboxRights))),
    InheritanceType: inheritance,
    Deny: take.optional(take.switched()),
  },
  async run({ Identity, User, AccessRights, Deny }, context) {
    if (Deny) throw notHere('Remove-MailboxPermission', '-Deny')
    fullAccessAlone('Remove-MailboxPermission', AccessRights)
    const mailbox = await recipientFor(context, 'Mailbox', Identity)
    const user = await anyRecipient(context, User)
    await context.directory.update(context.organisation, mailbox.id, (current) => {
      if (!current.fullAccess.includes(user.id)) context.warn(`'${nameOf(user)}' has no such right on '${nameOf(mailbox)}'.`)
      const without = (ids: readonly string[] = []) => ids.filter((id) => id !== user.id)
      return { fullAccess: without(current.fullAccess), noAutoMapping: without(current.noAutoMapping) }
    })
  },
})

/** Exchange has more rights on mailboxes than this server tells apart. */
function fullAccessAlone(name: string, rights: readonly string[]): void {
  const other = rights.find((right) => right !== 'FullAccess')
  if (other) throw notHere(name, `-AccessRights ${other}`)
}

const notHere = (name: string, what: string) =>
  new Refusal('InvalidParameter', `${what} of ${name} is not here: this server knows FullAccess alone.`, { cmdlet: name })

const sendAs = take.list(take.oneOf(['SendAs']))
const trusted = (recipient: Recipient, trustee: string) => ({
  Identity: nameOf(recipient),
  Trustee: trustee,
  AccessControlType: 'Allow',
  AccessRights: ['SendAs'],
  IsInherited: false,
  InheritanceType: 'None',
})

const getRecipientPermission = cmdlet('Get-RecipientPermission', {
  summary: 'Shows who may send as a recipient.',
  roles: viewing,
  parameters: {
    Identity: identity,
    Trustee: take.optional(someone),
    AccessRights: take.optional(sendAs),
    ReadFromDomainController: take.optional(take.switched()),
  },
  returns: 'RecipientPermission',
  async run({ Identity, Trustee }, context) {
    const recipient = await anyRecipient(context, Identity)
    const wanted = Trustee === undefined ? undefined : await anyRecipient(context, Trustee)
    const holders = recipient.sendAs.filter((id) => !wanted || id === wanted.id)
    const named = (await namesOfAll(context, holders)).map((name) => trusted(recipient, name))
    return wanted || !recipient.mailbox ? named : [trusted(recipient, self), ...named]
  },
})

const trusting = { Identity: identity, Trustee: take.mandatory(someone), AccessRights: take.mandatory(sendAs) } as const

const addRecipientPermission = cmdlet('Add-RecipientPermission', {
  summary: 'Lets somebody send as a recipient.',
  roles: changing,
  dangerous: true,
  parameters: trusting,
  returns: 'RecipientPermission',
  async run({ Identity, Trustee }, context) {
    const { recipient, trustee } = await pair(context, Identity, Trustee)
    mayHoldRights(trustee, 'Trustee')
    await context.directory.update(context.organisation, recipient.id, (current) => ({ sendAs: added(current.sendAs, trustee.id) }))
    return trusted(recipient, nameOf(trustee))
  },
})

const removeRecipientPermission = cmdlet('Remove-RecipientPermission', {
  summary: 'Takes the right to send as a recipient from somebody.',
  roles: changing,
  destroys: true,
  parameters: trusting,
  async run({ Identity, Trustee }, context) {
    const { recipient, trustee } = await pair(context, Identity, Trustee)
    await context.directory.update(context.organisation, recipient.id, (current) => {
      if (!current.sendAs.includes(trustee.id)) context.warn(`'${nameOf(trustee)}' has no such right on '${nameOf(recipient)}'.`)
      return { sendAs: current.sendAs.filter((id) => id !== trustee.id) }
    })
  },
})

async function pair(context: CmdletContext, identity: string, trustee: string) {
  return { recipient: await anyRecipient(context, identity), trustee: await anyRecipient(context, trustee) }
}

const added = (ids: readonly string[], id: string) => [...new Set([...ids, id])]

export const permissionCmdlets: readonly Cmdlet[] = [
  getMailboxPermission,
  addMailboxPermission,
  removeMailboxPermission,
  getRecipientPermission,
  addRecipientPermission,
  removeRecipientPermission,
]
