import { Refusal, type Instant } from '#model'
import type { Directory, Recipient } from '#directory'
import type { Store } from '#store'
import type { SignInPolicies } from './policy.ts'
import type { AppPasswordRow, SignInRecords } from './record.ts'
import { randomWord } from './words.ts'

/** Passwords for programs that know Basic alone: generated, named, and taken away one by one. */
export interface AppPasswords {
  list(recipient: Recipient): Promise<Pick<AppPasswordRow, 'id' | 'name' | 'created'>[]>
  /** The new one; it is shown now and never again. Where the policy has none, or the name is taken → InvalidOperation or NameTaken. */
  create(recipient: Recipient, name: string): Promise<{ id: string; name: string; created: Instant; password: string }>
  /** By id or name; none of that → ObjectNotFound. Answers its name. */
  remove(recipient: Recipient, identity: string): Promise<string>
  /** Takes away every one of them. */
  removeAll(recipient: Recipient): Promise<void>
  /** The app password that this is; undefined when it is none, or the policy does not allow any. */
  check(recipient: Recipient, password: string): Promise<AppPasswordRow | undefined>
  /** Whether the app password with this id is there still, and the policy allows any. */
  holds(recipient: Recipient, id: string): Promise<boolean>
}

const most = 40
const form = /^([a-z]{4})-?([a-z]{4})-?([a-z]{4})-?([a-z]{4})-?([a-z]{4})$/

/**
 * They are stored as passwords are, as credentials of their own beside the person's; the first four letters say which one is meant, so that
 * one hash is worked out and not one each.
 */
export function createAppPasswords({
  directory,
  store,
  records,
  policies,
  clock,
  random,
}: {
  directory: Pick<Directory, 'setPassword' | 'checkPassword'>
  store: Store
  records: SignInRecords
  policies: SignInPolicies
  clock: () => Instant
  random: (size: number) => Uint8Array
}): AppPasswords {
  const credentialOf = (recipient: Recipient, id: string): Recipient => ({ ...recipient, id: `${recipient.id} ${id}` })
  const forget = async (recipient: Recipient, rows: readonly AppPasswordRow[]) => {
    await store.write(async (tx) => {
      for (const { id } of rows) await tx.objects.remove(recipient.organisation, 'Credential', credentialOf(recipient, id).id)
    })
  }

  return {
    async list(recipient) {
      return (await records.read(recipient)).appPasswords.map(({ id, name, created }) => ({ id, name, created }))
    },
    async create(recipient, given) {
      const name = given.trim().replaceAll(/\p{Cc}/gu, '').slice(0, 64) // prettier-ignore
      if (name === '') throw new Refusal('InvalidArgument', 'An app password needs a name, such as that of the program.')
      if (!(await policies.of(recipient)).appPasswordsAllowed) {
        throw new Refusal('InvalidOperation', `The authentication policy of ${recipient.displayName} allows no app passwords.`)
      }
      const row: AppPasswordRow = { id: randomWord(random, 1, 12), name, created: clock(), start: randomWord(random, 1, 4, 'letters') }
      const password = `${row.start}-${randomWord(random, 4, 4, 'letters')}`
      await records.change(recipient, ({ appPasswords }) => {
        if (appPasswords.some((each) => each.name.toLowerCase() === name.toLowerCase())) {
          throw new Refusal('NameTaken', `There is an app password '${name}' already.`, { name })
        }
        if (appPasswords.length >= most) throw new Refusal('InvalidOperation', `A person has at most ${most} app passwords.`)
        // Drawn again by whoever asks again: two with the same start could not be told apart.
        if (appPasswords.some(({ start }) => start === row.start)) throw new Refusal('ServerBusy', 'Try again.')
        appPasswords.push(row)
      })
      await directory.setPassword(credentialOf(recipient, row.id), password)
      return { id: row.id, name, created: row.created, password }
    },
    async remove(recipient, identity) {
      const wanted = identity.trim().toLowerCase()
      const removed = await records.change(recipient, (record) => {
        const row = record.appPasswords.find(({ id, name }) => id === wanted || name.toLowerCase() === wanted)
        if (!row) throw new Refusal('ObjectNotFound', `${recipient.displayName} has no app password '${identity.slice(0, 100)}'.`)
        record.appPasswords = record.appPasswords.filter((each) => each !== row)
        return row
      })
      await forget(recipient, [removed])
      return removed.name
    },
    async removeAll(recipient) {
      const rows = await records.change(recipient, (record) => record.appPasswords.splice(0))
      await forget(recipient, rows)
    },
    async holds(recipient, id) {
      const isThere = (await records.read(recipient)).appPasswords.some((row) => row.id === id)
      return isThere && (await policies.of(recipient)).appPasswordsAllowed
    },
    async check(recipient, password) {
      const parts = form.exec(password)
      if (!parts) return undefined
      const row = (await records.read(recipient)).appPasswords.find(({ start }) => start === parts[1])
      if (!row || !(await policies.of(recipient)).appPasswordsAllowed) return undefined
      return (await directory.checkPassword(credentialOf(recipient, row.id), parts.slice(1).join('-'))) ? row : undefined
    },
  }
}
