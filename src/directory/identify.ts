import type { Store } from '#store'
import type { Directory, Recipient } from './contract.ts'
import { foldedText } from './filter/fold.ts'
import { isRecipient, recipientKinds, recipientOf } from './rows.ts'

const guidForm = /^\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?$/i
const mostNamed = 10

/**
 * Who an identity of a cmdlet names: GUID, GUID of the mailbox, address, user principal name, alias, `DOMAIN\alias`, SID, legacy DN; when
 * none has it as one of these, whoever has it as name or display name, also as the last part of a DN or canonical name.
 */
export function createIdentifying({
  store,
  find,
  upToDate,
}: {
  store: Store
  find: Directory['find']
  upToDate: (organisation: string) => Promise<void>
}): Pick<Directory, 'identify'> {
  async function named(organisation: string, name: string): Promise<Recipient[]> {
    const value = foldedText(name.trim())
    if (value === '') return []
    await upToDate(organisation)
    // Two questions, each answered by an index.
    const found = new Map<string, Recipient>()
    for (const property of ['name', 'displayName']) {
      const search = {
        organisation,
        kinds: recipientKinds,
        where: { property, is: '=' as const, value },
        order: { property },
        limit: mostNamed,
      }
      for (const row of (await store.read((tx) => tx.objects.find(search))).rows) found.set(row.id, recipientOf(row))
    }
    return [...found.values()]
  }

  return {
    async identify(organisation, identity) {
      const text = identity.trim().slice(0, 2000)
      const guid = guidForm.exec(text)?.[1]?.toLowerCase()
      if (guid) {
        const row =
          (await store.objects.byKey(organisation, `recipient:${guid}`)) ?? (await store.objects.byKey(organisation, `mailbox:${guid}`))
        if (isRecipient(row)) return [recipientOf(row)]
      }
      const account = /^[^\\/@]+\\([^\\]+)$/.exec(text)?.[1]
      const one = await find(account ?? text, organisation)
      if (one) return [one]
      const all = await named(organisation, text)
      const last = lastName(text)
      return all.length > 0 || last === undefined ? all : named(organisation, last)
    },
  }
}

/** `CN=Baker\, Mary,OU=Users,DC=contoso,DC=com` and `contoso.com/Users/Mary Baker`: the name that stands for the object itself. */
function lastName(text: string): string | undefined {
  const dn = /^cn=((?:\\.|[^\\,])+),/i.exec(text)
  if (dn) return dn[1]!.replaceAll(/\\(.)/g, '$1')
  return /^[\w.-]+\/(?:.*\/)?([^/]+)$/.exec(text)?.[1]
}
