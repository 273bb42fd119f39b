import { cmdlet } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { aliasFrom, namesOf, people } from './names.ts'
import { shownRecipient } from './shown.ts'

/** A contact with mail elsewhere (New-MailContact). Address or alias taken → NameTaken. */
export const newMailContact = cmdlet('New-MailContact', {
  summary: 'Makes a contact in the address list for somebody with mail elsewhere.',
  roles: ['Mail Recipient Creation'],
  parameters: {
    Name: take.mandatory(take.string(), { position: 0 }),
    ExternalEmailAddress: take.mandatory(take.string()),
    ...people,
  },
  returns: 'MailContact',
  async run({ Name, ExternalEmailAddress, Alias, PrimarySmtpAddress, ...rest }, context) {
    const made = await context.directory.create(context.organisation, {
      kind: 'MailContact',
      alias: Alias ?? aliasFrom(Name),
      externalAddress: plainAddress(ExternalEmailAddress),
      ...(PrimarySmtpAddress ? { address: PrimarySmtpAddress } : {}),
      ...namesOf(Name, rest),
    })
    return shownRecipient(made, context)
  },
})

/** Somebody with an account here and mail elsewhere (New-MailUser). Address, alias or user principal name taken → NameTaken. */
export const newMailUser = cmdlet('New-MailUser', {
  summary: 'Makes a person with an account here and mail elsewhere.',
  roles: ['Mail Recipient Creation'],
  parameters: {
    Name: take.mandatory(take.string(), { position: 0 }),
    ExternalEmailAddress: take.mandatory(take.string()),
    UserPrincipalName: take.optional(take.string()),
    MicrosoftOnlineServicesID: take.optional(take.string()),
    Password: take.optional(take.secureString()),
    ...people,
  },
  returns: 'MailUser',
  async run(
    { Name, ExternalEmailAddress, UserPrincipalName, MicrosoftOnlineServicesID, Password, Alias, PrimarySmtpAddress, ...rest },
    context,
  ) {
    const upn = UserPrincipalName ?? MicrosoftOnlineServicesID
    const made = await context.directory.create(context.organisation, {
      kind: 'MailUser',
      alias: Alias ?? aliasFrom(upn?.split('@', 1)[0] ?? Name),
      externalAddress: plainAddress(ExternalEmailAddress),
      ...(upn ? { userPrincipalName: upn } : {}),
      ...(PrimarySmtpAddress ? { address: PrimarySmtpAddress } : {}),
      ...namesOf(Name, rest),
    })
    if (Password !== undefined) await context.directory.setPassword(made, Password)
    return shownRecipient(made, context)
  },
})

/** `SMTP:mary@contoso.com` is the address alone. */
export function plainAddress(written: string): string {
  return written.trim().replace(/^smtp:/i, '')
}
