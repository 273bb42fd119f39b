import type { ReadTx, Store } from '#store'
import type { Directory, Recipient } from './contract.ts'
import { domainOf, folded, splitProxy, wordsOf } from './names.ts'
import { isRecipient, mailless, publicFolderRootKey, recipientKinds, recipientOf, searchTokens } from './rows.ts'

type Finding = Pick<Directory, 'recipient' | 'recipientOfMailbox' | 'publicFolderRoot' | 'recipientOfUpn' | 'find' | 'resolve' | 'list'> & {
  /** `find`, public folder mailboxes too. */
  findAny: Directory['find']
}

/** How many candidates name resolution looks at for its longest word; more is "too many to resolve" anyway. */
const mostCandidates = 1000

/** Finding recipients by identity, by name and page by page. */
export function createFinding({
  store,
  organisations,
}: {
  store: Store
  organisations: Pick<Directory, 'acceptedDomain' | 'organisationNamed' | 'organisations'>
}): Finding {
  const byKeys = (organisation: string, keys: string[]) => firstOf(store, organisation, keys)

  /** The organisations that could own an identity which names none. */
  async function ownersOf(identity: string): Promise<string[]> {
    const { type, value } = splitProxy(identity)
    if (isLegacyDn(value)) {
      const name = /^\/o=([^/]+)/i.exec(value)?.[1]
      const owner = name && (await organisations.organisationNamed(name))
      if (owner) return [owner.id]
    } else if (type === 'smtp' && !isSid(value)) {
      const owner = await organisations.acceptedDomain(domainOf(value))
      return owner ? [owner.organisation] : []
    }
    return (await organisations.organisations()).map((one) => one.id)
  }

  async function findAny(identity: string, organisation?: string): Promise<Recipient | undefined> {
    const keys = keysFor(identity.trim())
    if (organisation && !identity.includes('@')) keys.push(`alias:${identity.trim().toLowerCase()}`)
    for (const owner of organisation ? [organisation] : await ownersOf(identity.trim())) {
      const found = await byKeys(owner, keys)
      if (found) return found
    }
    return undefined
  }

  return {
    recipient: (organisation, id) => byKeys(organisation, [`recipient:${id.toLowerCase()}`]),
    recipientOfMailbox: (organisation, mailbox) => byKeys(organisation, [`mailbox:${mailbox.toLowerCase()}`]),
    recipientOfUpn: (organisation, upn) => byKeys(organisation, [`upn:${upn.toLowerCase()}`]),
    publicFolderRoot: (organisation) => byKeys(organisation, [publicFolderRootKey]),
    findAny,
    async find(identity, organisation) {
      const found = await findAny(identity, organisation)
      return found?.kind === 'PublicFolderMailbox' ? undefined : found
    },
    async resolve(organisation, text, limit) {
      const exact = text.trim().replace(/^=/, '')
      if (!exact) return []
      const one = await byKeys(organisation, [...keysFor(exact), `alias:${exact.toLowerCase()}`])
      if (one && !one.hiddenFromAddressLists && !mailless.includes(one.kind) && (exact.includes('@') || exact !== text.trim())) return [one]
      const words = wordsOf(exact)
      const longest = words.toSorted((a, b) => b.length - a.length)[0]
      if (!longest) return []
      const rows = await store.read((tx) => tx.objects.search(organisation, longest, [...recipientKinds], mostCandidates))
      return rows
        .map(recipientOf)
        .filter((recipient) => matches(recipient, words))
        .toSorted((a, b) => a.displayName.localeCompare(b.displayName) || (a.id < b.id ? -1 : 1))
        .slice(0, limit)
    },
    async list(organisation, kinds, after, limit) {
      const rows = await store.read(async (tx) => {
        const pages = []
        for (const kind of new Set(kinds)) pages.push(...(await tx.objects.list(organisation, kind, after, limit)))
        return pages
      })
      return rows
        .toSorted((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, limit)
        .map(recipientOf)
    },
  }
}

/** The first whom a key names, from memory or as a transaction sees it. */
export async function firstOf(
  { objects }: { objects: Pick<ReadTx['objects'], 'byKey'> },
  organisation: string,
  keys: readonly string[],
): Promise<Recipient | undefined> {
  for (const key of keys) {
    const row = await objects.byKey(organisation, key)
    if (isRecipient(row)) return recipientOf(row)
  }
  return undefined
}

/** The keys under which an identity is found. */
export function keysFor(identity: string): string[] {
  const { type, value } = splitProxy(identity)
  const plain = value.toLowerCase()
  if (type === 'x500' || type === 'ex' || isLegacyDn(value)) return [`legacydn:${plain}`]
  if (isSid(value)) return [`sid:${plain}`]
  return [`address:${plain}`, `upn:${plain}`]
}

const isLegacyDn = (text: string) => /^\/o=/i.test(text)
const isSid = (text: string) => /^s-1-[\d-]+$/i.test(text)

/** Every word is a prefix of some token: "mar jen" finds Mary Jensen. */
function matches(recipient: Recipient, words: string[]): boolean {
  const tokens = searchTokens(recipient)
  return words.every((word) => tokens.some((token) => token.startsWith(folded(word))))
}
