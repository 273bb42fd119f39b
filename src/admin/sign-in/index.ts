import type { IdentityKeyAge, SignInRules } from '#access'
import type { Recipient } from '#directory'
import { recipientFor } from '../recipients/find.ts'
import { cmdlet, type Cmdlet, type CmdletContext } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import type { SiteAdministration } from '../services/contract.ts'
import { ours } from '../services/service-cmdlets.ts'

const roles = ['Reset Password', 'User Options'] as const
const looking = [...roles, 'View-Only Recipients'] as const
const identity = () => take.mandatory(take.identity(), { position: 0, pipeline: true, summary: 'The person.' })

/** Second factors, app passwords and sessions of people, to be looked at and taken away; the keys that vouch for them. */
export function signInCmdlets(rules: SignInRules, site: SiteAdministration): Cmdlet[] {
  return [...secondFactorCmdlets(rules), ...appPasswordCmdlets(rules), revokeSignIn(rules), ...signInKeyCmdlets(rules, site)]
}

/** Somebody with an account here. */
const personFor = (context: CmdletContext, named: string) => recipientFor(context, 'User', named)

/** The same, where the caller's roles reach. */
async function personToChange(context: CmdletContext, named: string): Promise<Recipient> {
  const person = await personFor(context, named)
  await context.mayChange(person)
  return person
}

const whoDid = ({ caller }: CmdletContext) => caller.address || caller.name

function secondFactorCmdlets({ factors }: SignInRules): Cmdlet[] {
  return [
    cmdlet('Get-SecondFactor', {
      summary: 'Shows what somebody signs in with beside the password: never a secret.',
      roles: looking,
      parameters: { Identity: identity() },
      returns: 'SecondFactor',
      examples: [{ command: 'Get-SecondFactor mary', says: 'Shows the authenticators, passkeys and telephones of Mary, and her devices.' }],
      async run({ Identity }, context) {
        const person = await personFor(context, Identity)
        const row = (id: string, Kind: string, Name: string, created: number | null) => ({
          ...{ Identity: id, User: person.address, Kind, Name, WhenCreated: created === null ? null : new Date(created) },
        })
        const left = await factors.recoveryCodesLeft(person)
        return [
          ...(await factors.list(person)).map(({ id, kind, name, created }) => row(id, kinds[kind], name, created)),
          ...(await factors.devices(person)).map(({ id, name, created }) => row(id, 'RememberedDevice', name, created)),
          ...(left > 0 ? [row('', 'RecoveryCodes', `${left} left`, null)] : []),
        ]
      },
    }),
    cmdlet('Remove-SecondFactor', {
      summary: 'Takes a second factor or a remembered device away from somebody, or everything: then every session of theirs ends.',
      roles,
      destroys: true,
      dangerous: true,
      parameters: {
        Identity: identity(),
        Factor: take.optional(take.identity(), {
          summary: 'Identity of one factor or device, as Get-SecondFactor shows it; all of them when left out.',
        }),
      },
      examples: [{ command: 'Remove-SecondFactor mary', says: 'Mary has lost her telephone: she sets up a new one at her next sign-in.' }],
      async run({ Identity, Factor }, context) {
        const person = await personToChange(context, Identity)
        if (Factor === undefined) await factors.reset(person, whoDid(context))
        else await factors.remove(person, Factor, { by: whoDid(context) })
      },
    }),
  ]
}

const kinds = { authenticator: 'Authenticator', passkey: 'Passkey', text: 'TextMessage', call: 'Call' } as const

function appPasswordCmdlets({ appPasswords }: SignInRules): Cmdlet[] {
  return [
    cmdlet('Get-AppPassword', {
      summary: 'Lists the app passwords of somebody by name: never the passwords.',
      roles: looking,
      parameters: { Identity: identity() },
      returns: 'AppPassword',
      async run({ Identity }, context) {
        const person = await personFor(context, Identity)
        return (await appPasswords.list(person)).map(({ id, name, created }) => shown(person, id, name, created))
      },
    }),
    cmdlet('New-AppPassword', {
      summary: 'Makes a password for a program of somebody that knows passwords alone. It is shown once.',
      // Whoever is shown it can sign in as that person.
      roles: ['Reset Password'],
      dangerous: true,
      parameters: { Identity: identity(), Name: take.mandatory(take.string(), { summary: 'What the program is called.' }) },
      returns: 'AppPassword',
      examples: [{ command: "New-AppPassword mary -Name 'Backup script'", says: 'Makes a password for a script that signs in as Mary.' }],
      async run({ Identity, Name }, context) {
        const person = await personToChange(context, Identity)
        const { id, name, created, password } = await appPasswords.create(person, Name)
        return { ...shown(person, id, name, created), Password: password }
      },
    }),
    cmdlet('Remove-AppPassword', {
      summary: 'Takes an app password away from somebody: the program that has it gets in no more.',
      roles,
      destroys: true,
      parameters: {
        Identity: identity(),
        AppPassword: take.mandatory(take.identity(), { position: 1, summary: 'Its identity or name, as Get-AppPassword shows it.' }),
      },
      async run({ Identity, AppPassword }, context) {
        await appPasswords.remove(await personToChange(context, Identity), AppPassword)
      },
    }),
  ]
}

const shown = ({ address }: Recipient, id: string, name: string, created: number) => ({
  ...{ Identity: id, User: address, Name: name, WhenCreated: new Date(created) },
})

function revokeSignIn({ sessions, appPasswords }: SignInRules): Cmdlet {
  return cmdlet('Revoke-SignIn', {
    summary: 'Ends every session and token of somebody, on every device, and forgets the devices.',
    roles,
    destroys: true,
    parameters: {
      Identity: identity(),
      AppPasswords: take.optional(take.switched(), {
        summary: 'Takes the app passwords away too: a new password alone does not end them.',
      }),
    },
    examples: [
      { command: 'Revoke-SignIn mary', says: 'Mary has to sign in anew everywhere, with her second factor.' },
      { command: 'Revoke-SignIn mary -AppPasswords', says: 'Somebody else had her password: what they may have made with it ends too.' },
    ],
    async run({ Identity, AppPasswords }, context) {
      const person = await personToChange(context, Identity)
      await sessions.revoke(person)
      if (AppPasswords) await appPasswords.removeAll(person)
    },
  })
}

function signInKeyCmdlets({ siteKeys }: SignInRules, site: SiteAdministration): Cmdlet[] {
  const roles = ['Organization Client Access'] as const
  const row = ({ kid, made, signs, until }: IdentityKeyAge) => ({
    ...{
      Identity: kid,
      WhenCreated: new Date(made),
      SignsFrom: new Date(signs),
      PublishedUntil: until === undefined ? null : new Date(until),
    },
  })
  return [
    cmdlet('Get-SignInKey', {
      summary: 'Shows the keys that sign identity tokens, with their age: never the keys themselves.',
      roles,
      parameters: {},
      returns: 'SignInKey',
      examples: [{ command: 'Get-SignInKey', says: 'Shows which key signs, which one follows, and until when old ones are published.' }],
      async run(_args, context) {
        ours(site, context)
        return (await siteKeys.identityKeys()).map(row)
      },
    }),
    cmdlet('New-SignInKey', {
      summary: 'Makes the next key of identity tokens before its time. It is published at once and signs an hour later.',
      roles,
      dangerous: true,
      parameters: {
        Compromised: take.optional(take.switched(), {
          summary: 'Somebody else may have the key: the new one signs at once, and identity tokens of the others are worth nothing.',
        }),
      },
      returns: 'SignInKey',
      examples: [{ command: 'New-SignInKey', says: 'Rolls the key over: tokens signed with the old one stay good until their end.' }],
      async run({ Compromised }, context) {
        ours(site, context)
        await siteKeys.renew({ compromised: Compromised === true })
        return (await siteKeys.identityKeys()).map(row)
      },
    }),
  ]
}
