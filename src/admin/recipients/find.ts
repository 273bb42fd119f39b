import { recipientTypeOf, type Recipient } from '#directory'
import { Refusal } from '#model'
import type { CmdletContext } from '../registry/cmdlet.ts'
import { nouns, type Noun } from './nouns.ts'

/** What cmdlets call a recipient: its name. */
export const nameOf = ({ name, displayName }: Pick<Recipient, 'name' | 'displayName'>): string => name ?? displayName

/**
 * The recipient that an identity names: address, alias, user principal name, DN, SID, GUID, mailbox GUID, name, display name. Nobody →
 * ObjectNotFound; two with that name → InvalidParameter naming them. Public folder mailboxes are nobody: they hold no rights, are in no group and
 * get no mail.
 */
export async function anyRecipient(context: CmdletContext, identity: string, noun: Noun = 'Recipient'): Promise<Recipient> {
  const all = await context.directory.identify(context.organisation, identity)
  const found = all.filter(({ kind }) => kind !== 'PublicFolderMailbox')
  if (found.length === 1) return found[0]!
  if (found.length > 1) return ambiguous(noun, identity, found)
  throw notThere(noun, identity, all[0])
}

/** The recipient a cmdlet is about: of the types of its noun, unless others are said. None, or one of another sort → ObjectNotFound. */
export async function recipientFor(
  context: CmdletContext,
  noun: Noun,
  identity: string,
  types: readonly string[] = nouns[noun].types,
): Promise<Recipient> {
  const found = await context.directory.identify(context.organisation, identity)
  const fitting = found.filter((one) => types.includes(recipientTypeOf(one).details))
  if (fitting.length === 1) return fitting[0]!
  if (fitting.length > 1) return ambiguous(noun, identity, fitting)
  throw notThere(noun, identity, found[0])
}

function ambiguous(noun: Noun, identity: string, found: readonly Recipient[]): never {
  const who = found.slice(0, 5).map((one) => `${nameOf(one)} (${one.address || one.id})`)
  throw new Refusal(
    'InvalidParameter',
    `'${identity.slice(0, 100)}' names more than one ${nouns[noun].one}: ${who.join(', ')}. Use an address or GUID.`,
    {
      parameter: 'Identity',
      kind: noun,
    },
  )
}

function notThere(noun: Noun, identity: string, other?: Recipient): Refusal {
  const what = other ? `: '${nameOf(other)}' is a ${recipientTypeOf(other).details.replace('RemoteUserMailbox', 'RemoteMailbox')}` : ''
  return new Refusal('ObjectNotFound', `There is no ${noun} '${identity.slice(0, 100)}'${what}.`, {
    kind: noun,
    identity: identity.slice(0, 100),
  })
}

/** GUIDs of the recipients named, each once. */
export async function idsOf(context: CmdletContext, identities: readonly string[]): Promise<string[]> {
  const ids = new Set<string>()
  for (const identity of identities) ids.add((await anyRecipient(context, identity)).id)
  return [...ids]
}

/** Names of recipients by GUID; who is no more is left out. */
export async function namesOfAll({ directory, organisation }: CmdletContext, ids: readonly string[] = []): Promise<string[]> {
  const found = await Promise.all(ids.map((id) => directory.recipient(organisation, id)))
  return found.flatMap((one) => (one ? [nameOf(one)] : []))
}
