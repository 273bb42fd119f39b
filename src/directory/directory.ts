import type { Instant } from '#model'
import type { Store } from '#store'
import { createChanging } from './change-recipient.ts'
import type { Directory } from './contract.ts'
import { createFinding } from './find-recipient.ts'
import { createGroups } from './groups.ts'
import { holdReference } from './holds.ts'
import type { RandomBytes } from './names.ts'
import { createOrganisations } from './organisations.ts'
import { createPasswords, type PasswordCost, type Sealing } from './password.ts'
import { createPhotos } from './photo.ts'
import { createSearching } from './search-recipients.ts'

/** The directory over a store. `random` gives ids, SIDs and salts; `passwordCost` is for tests and small machines; with `ntHashes` NTLM is on. */
export function createDirectory({
  store,
  clock,
  random,
  passwordCost,
  ntHashes,
}: {
  store: Store
  clock: () => Instant
  random: RandomBytes
  passwordCost?: PasswordCost
  ntHashes?: Sealing
}): Directory {
  const organisations = createOrganisations({ store, random })
  const groups = createGroups({ store })
  const { findAny, ...finding } = createFinding({ store, organisations })
  return {
    ...organisations,
    ...finding,
    ...createSearching({ store, find: findAny }),
    ...createChanging({ store, clock, random, organisations }),
    ...groups,
    ...createPhotos({ store }),
    ...createPasswords({ store, clock, random, cost: passwordCost, ntHashes }),
    async heldBy(organisation, mailbox) {
      const holds = await store.objects.referring(organisation, holdReference, mailbox)
      return holds.map(({ name, data }) => (typeof data.identity === 'string' ? data.identity : name))
    },
    async callerFor(recipient) {
      return {
        kind: 'user',
        organisation: recipient.organisation,
        recipient: recipient.id,
        groups: await groups.groupsOf(recipient.organisation, recipient.id),
        address: recipient.address,
        name: recipient.displayName,
      }
    },
  }
}
