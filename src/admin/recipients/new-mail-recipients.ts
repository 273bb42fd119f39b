import { Refusal } from '#model'
import { recipientTypeOf, type Recipient } from '#directory'
import { cmdlet, type CmdletContext } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { plainAddress } from './addresses.ts'
import { anyRecipient } from './find.ts'
import { enabled, enableParameters, newParameters, newRecipient } from './make-recipient.ts'
import { creating, changing } from './nouns.ts'
import { shownRecipient } from './shown.ts'

const external = take.mandatory(take.string(), { summary: 'Where the mail goes.' })

/** A contact with mail elsewhere (New-MailContact). Address or alias taken → NameTaken. */
export const newMailContact = cmdlet('New-MailContact', {
  summary: 'Makes a contact in the address list for somebody with mail elsewhere.',
  roles: creating,
  parameters: { ...newParameters('MailContact'), ExternalEmailAddress: external },
  returns: 'MailContact',
  async run(args, context) {
    const externalAddress = plainAddress(args.ExternalEmailAddress)
    const input = await newRecipient('MailContact', 'MailContact', args, context, { externalAddress })
    return shownRecipient('MailContact', await context.directory.create(context.organisation, input), context)
  },
})

/** Somebody with an account here and mail elsewhere (New-MailUser). Address, alias or user principal name taken → NameTaken. */
export const newMailUser = cmdlet('New-MailUser', {
  summary: 'Makes a person with an account here and mail elsewhere.',
  roles: creating,
  parameters: {
    ...newParameters('MailUser'),
    ExternalEmailAddress: external,
    UserPrincipalName: take.optional(take.string()),
    MicrosoftOnlineServicesID: take.optional(take.string()),
    Password: take.optional(take.secureString()),
  },
  returns: 'MailUser',
  async run(args, context) {
    const upn = args.UserPrincipalName ?? args.MicrosoftOnlineServicesID
    const input = await newRecipient('MailUser', 'MailUser', args, context, {
      externalAddress: plainAddress(args.ExternalEmailAddress),
      ...(upn ? { userPrincipalName: upn } : {}),
    })
    const made = await context.directory.create(context.organisation, input)
    if (args.Password !== undefined) await context.directory.setPassword(made, args.Password)
    return shownRecipient('MailUser', made, context)
  },
})

/** A contact or person without mail gets an address elsewhere. */
function enabling(noun: 'MailContact' | 'MailUser', from: 'Contact' | 'User', words: string) {
  return cmdlet(`Enable-${noun}`, {
    summary: `Gives a ${words} without mail an address elsewhere.`,
    roles: [...creating, ...changing],
    parameters: { ...enableParameters(), ExternalEmailAddress: external },
    returns: noun,
    async run(args, context) {
      const found = await withoutMail(context, args.Identity, [from])
      const externalAddress = plainAddress(args.ExternalEmailAddress)
      const { address, ...rest } = await enabled({ PrimarySmtpAddress: externalAddress, ...args }, found, context)
      const changes = { ...rest, kind: noun, address, externalAddress }
      return shownRecipient(noun, await context.directory.update(context.organisation, found.id, changes), context)
    },
  })
}

export const enableMailContact = enabling('MailContact', 'Contact', 'contact')
export const enableMailUser = enabling('MailUser', 'User', 'person')

/** Who has no mail yet, of these types. Another → ObjectNotFound. */
export async function withoutMail(context: CmdletContext, identity: string, types: readonly string[]): Promise<Recipient> {
  const found = await anyRecipient(context, identity, 'User')
  const { details } = recipientTypeOf(found)
  if (types.includes(details)) return found
  throw new Refusal(
    'ObjectNotFound',
    `There is no ${types.join(' or ')} '${identity.slice(0, 100)}': '${found.displayName}' is a ${details}.`,
    {
      identity: identity.slice(0, 100),
    },
  )
}
