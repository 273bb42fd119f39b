import { matchesFilter, recipientTypeOf, type Directory, type Recipient, type RecipientSearch } from '#directory'
import { Refusal, type Caller } from '#model'
import type { Reach } from './rights.ts'

/** Each method of the directory: whether it shows recipients, changes them, or neither. A new one has to be sorted here. */
const sorts = {
  organisation: 'other',
  organisationNamed: 'other',
  createOrganisation: 'other',
  organisations: 'other',
  acceptedDomain: 'other',
  acceptedDomains: 'other',
  addAcceptedDomain: 'other',
  changeAcceptedDomain: 'other',
  removeAcceptedDomain: 'other',
  recipient: 'shows',
  recipientOfMailbox: 'shows',
  publicFolderRoot: 'shows',
  recipientOfUpn: 'shows',
  find: 'shows',
  resolve: 'shows',
  list: 'shows',
  search: 'shows',
  readFilter: 'other',
  identify: 'shows',
  create: 'changes',
  update: 'changes',
  remove: 'changes',
  members: 'shows',
  expand: 'shows',
  groupsOf: 'other',
  heldBy: 'other',
  mailboxesOpenTo: 'shows',
  photo: 'other',
  setPhoto: 'changes',
  callerFor: 'other',
  setPassword: 'changes',
  checkPassword: 'other',
  passwordVersion: 'other',
  passwordChanged: 'other',
  ntHash: 'other',
  forgetNtHashes: 'other',
} as const satisfies Record<keyof Directory, 'shows' | 'changes' | 'other'>

type Sorted<S> = { [K in keyof typeof sorts]: (typeof sorts)[K] extends S ? K : never }[keyof typeof sorts]

const pageSize = 200

/** What stands before a change, and hears of it afterwards. */
export interface Guards {
  /** Refuses a recipient that is out of reach, as it is or as it would be. */
  inReach: (recipient: Recipient) => void
  /** The same for one that is stored, and one who holds more rights than the caller. */
  mayChange: (recipient: Recipient) => Promise<void>
  /** Refuses other members, or managers, of a group that gives rights to its members. */
  mayChangeMembers: (group: string) => Promise<void>
  changed: (recipient: Recipient) => void
}

/** The directory as one invocation may use it: what is out of reach is not changed (OutOfScope) and, for users' own options, not shown. */
export function scopedDirectory(directory: Directory, caller: Caller, reach: Reach, guards: Guards): Directory {
  const guarded = { ...directory, ...changing(directory, reach, guards) }
  return reach.sees === 'everybody' ? guarded : { ...guarded, ...showing(directory, caller, reach.sees) }
}

function changing(
  directory: Directory,
  reach: Reach,
  { inReach, mayChange, mayChangeMembers, changed }: Guards,
): Pick<Directory, Sorted<'changes'>> {
  /** As it is stored: what a cmdlet was handed may say anything. */
  async function checked(organisation: string, id: string): Promise<Recipient | undefined> {
    const recipient = await directory.recipient(organisation, id)
    if (recipient) await mayChange(recipient)
    return recipient
  }
  return {
    async create(organisation, input) {
      if (!reach.everywhere) inReach(asIfMade(organisation, input))
      const made = await directory.create(organisation, input)
      changed(made)
      return made
    },
    async update(organisation, id, changes, options) {
      const made = typeof changes === 'function' ? changes : () => changes
      const before = await checked(organisation, id)
      const planned = before && made(before)
      if (planned?.members || planned?.managedBy) await mayChangeMembers(id)
      const reached = (current: Recipient) => {
        const next = made(current)
        // Nor is it brought out of reach.
        inReach(current)
        inReach({ ...current, ...next, id: current.id })
        return next
      }
      const after = await directory.update(organisation, id, reached, options)
      changed(after)
      return after
    },
    async remove(organisation, id, options) {
      const current = await checked(organisation, id)
      await mayChangeMembers(id)
      await directory.remove(organisation, id, options)
      if (current) changed(current)
    },
    async setPhoto(recipient, photo) {
      await checked(recipient.organisation, recipient.id)
      await directory.setPhoto(recipient, photo)
      changed(recipient)
    },
    async setPassword(recipient, password) {
      await checked(recipient.organisation, recipient.id)
      await directory.setPassword(recipient, password)
      changed(recipient)
    },
  }
}

function showing(directory: Directory, { recipient: self }: Caller, sees: 'listed' | 'self'): Pick<Directory, Sorted<'shows'>> {
  const shown = ({ id, hiddenFromAddressLists }: Recipient) => id === self || (sees === 'listed' && hiddenFromAddressLists !== true)
  const one = async (found: Promise<Recipient | undefined>) => {
    const recipient = await found
    return recipient && shown(recipient) ? recipient : undefined
  }
  const many = async (found: Promise<Recipient[]>) => (await found).filter(shown)
  return {
    recipient: (organisation, id) => one(directory.recipient(organisation, id)),
    recipientOfMailbox: (organisation, mailbox) => one(directory.recipientOfMailbox(organisation, mailbox)),
    publicFolderRoot: (organisation) => one(directory.publicFolderRoot(organisation)),
    recipientOfUpn: (organisation, upn) => one(directory.recipientOfUpn(organisation, upn)),
    find: (identity, organisation) => one(directory.find(identity, organisation)),
    resolve: (organisation, text, limit) => many(directory.resolve(organisation, text, limit)),
    async list(organisation, kinds, after, limit) {
      if (sees === 'self') {
        const own = self > after && limit > 0 ? await directory.recipient(organisation, self) : undefined
        return own && kinds.includes(own.kind) ? [own] : []
      }
      const found: Recipient[] = []
      for (let from = after; found.length < limit;) {
        const page = await directory.list(organisation, kinds, from, pageSize)
        found.push(...page.filter(shown))
        if (page.length < pageSize) break
        from = page.at(-1)!.id
      }
      return found.slice(0, limit)
    },
    async search(search) {
      if (sees === 'self') {
        const own = search.after ? undefined : await directory.recipient(search.organisation, self)
        return { recipients: own && isFound(own, search, await directory.groupsOf(search.organisation, self)) ? [own] : [] }
      }
      const { recipients, ...rest } = await directory.search(search)
      return { recipients: recipients.filter(shown), ...rest }
    },
    identify: (organisation, identity) => many(directory.identify(organisation, identity)),
    members: (group) => many(directory.members(group)),
    expand: (group, limit) => many(directory.expand(group, limit)),
    mailboxesOpenTo: (recipient) => many(directory.mailboxesOpenTo(recipient)),
  }
}

const isFound = (recipient: Recipient, { types, filter }: RecipientSearch, groups: readonly string[]): boolean =>
  types.includes(recipientTypeOf(recipient).details) && (!filter || matchesFilter(filter, recipient, groups))

/** A recipient before it is there, as scopes look at it. */
function asIfMade(organisation: string, input: Parameters<Directory['create']>[1]): Recipient {
  return {
    ...{ id: '', mailbox: '', address: '', proxyAddresses: [], legacyExchangeDn: '', userPrincipalName: '', sid: '' },
    ...{ fullAccess: [], sendAs: [], sendOnBehalf: [], members: [], managedBy: [] },
    ...input,
    organisation,
  }
}

/** Refuses (OutOfScope) a recipient that these rights do not reach. */
export const changesOf =
  (cmdlet: string, { everywhere, reaches }: Reach) =>
  (recipient: Recipient): void => {
    if (everywhere || reaches(recipient)) return
    const who = recipient.address || recipient.displayName
    throw new Refusal('OutOfScope', `'${who}' is outside the scope in which your roles let you run ${cmdlet}.`, { cmdlet, recipient: who })
  }
