import type { Directory, Recipient, RecipientKind } from '#directory'
import { Refusal } from '#model'
import type { CmdletContext } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { changesOf, parametersFor, together, type Bag } from './change.ts'
import { plainText } from './property.ts'
import { aliasFrom } from './names.ts'
import type { Noun } from './nouns.ts'
import { madeBy } from './properties.ts'

type NewRecipient = Parameters<Directory['create']>[1]

/** Where Exchange would put it: taken and without effect, for there are no organisational units and databases to choose from. */
const elsewhere = { OrganizationalUnit: take.optional(take.string()), OnPremisesOrganizationalUnit: take.optional(take.string()) } as const

/** Parameters of `New-` of a noun: the name, and the rows of the table. */
export function newParameters(noun: Noun) {
  return { Name: take.mandatory(take.string(), { position: 0 }), ...parametersFor(madeBy(noun)), ...elsewhere } as const
}

/** Parameters of `Enable-` of a noun. */
export function enableParameters() {
  return {
    Identity: take.mandatory(take.identity(), { position: 0, pipeline: true }),
    Alias: take.optional(take.string()),
    DisplayName: take.optional(take.string()),
    PrimarySmtpAddress: take.optional(take.string()),
  } as const
}

/** The recipient that `New-` of a noun makes of its arguments; `alias` is made of `account` or the name when it is not given. */
export async function newRecipient(
  noun: Noun,
  kind: RecipientKind,
  args: Bag,
  context: CmdletContext,
  more: Partial<Recipient> = {},
): Promise<NewRecipient> {
  const name = plainText('Name', args.Name, 64)
  if (name === '') throw new Refusal('InvalidParameter', '-Name must not be empty.', { parameter: 'Name' })
  const account = more.userPrincipalName?.split('@', 1)[0]
  const start = { kind, name, displayName: name, alias: aliasFrom(account || name), ...more }
  const changes = together(await changesOf(madeBy(noun), args, context, undefined))
  return { ...start, ...changes({ proxyAddresses: [], ...start } as unknown as Recipient) }
}

/** What `Enable-` changes by its own parameters. */
export async function enabled(
  { Alias, DisplayName, PrimarySmtpAddress }: Bag,
  person: Recipient,
  context: CmdletContext,
): Promise<Partial<Recipient>> {
  // prettier-ignore
  const alias = Alias === undefined ? person.alias || aliasFrom(person.displayName) : String(Alias)
  const owner = await context.directory.organisation(context.organisation)
  return {
    alias,
    address:
      PrimarySmtpAddress === undefined
        ? person.address || `${alias}@${owner?.defaultDomain ?? ''}`
        : String(PrimarySmtpAddress).replace(/^smtp:/i, ''),
    ...(DisplayName === undefined ? {} : { displayName: plainText('DisplayName', DisplayName, 256) }),
  }
}
