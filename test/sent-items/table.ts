/** The sent-items matrix of the source (R9) as one table: who keeps what of a message that Rob sends in another's name. */
import assert from 'node:assert/strict'
import { systemCaller } from '#model'
import { runLine } from '../support/run-line.ts'
import { testDomain, testPassword, type TestSite } from '../support/site.ts'

export const rights = ['SendAs', 'SendOnBehalf'] as const
export const protocols = ['EWS', 'SMTP submission'] as const
export const kinds = ['user', 'shared'] as const
export const folders = ['default', 'custom'] as const

/** A mailbox that Rob may send for: by which right, and what it says of copies. */
export interface Delegator {
  right: (typeof rights)[number]
  /** The switch that is for the right. The other one stands the other way. */
  on: boolean
  kind: (typeof kinds)[number]
  folder: (typeof folders)[number]
  alias: string
  address: string
}
export interface Row extends Delegator {
  over: (typeof protocols)[number]
  name: string
}

export const delegators: readonly Delegator[] = rights.flatMap((right) =>
  [true, false].flatMap((on) =>
    kinds.flatMap((kind) =>
      folders.map((folder) => {
        const alias = `${right}-${on ? 'on' : 'off'}-${kind}-${folder}`.toLowerCase()
        return { right, on, kind, folder, alias, address: `${alias}@${testDomain}` }
      }),
    ),
  ),
)

export const rows: readonly Row[] = delegators.flatMap((delegator) =>
  protocols.map((over) => {
    const { right, on, kind, folder } = delegator
    const name = `${right}, switch ${on ? 'on' : 'off'}, ${kind} mailbox, ${folder} folder, over ${over}`
    return { ...delegator, over, name }
  }),
)

/** The folder that the mailboxes with a custom one have chosen. */
export const customFolder = 'What others send'

/** Makes the mailboxes, with the cmdlets that an administrator would use; Mary may open them all. */
export async function makeDelegators(site: TestSite): Promise<void> {
  const run = (line: string) => runLine(site.admin, systemCaller(site.organisation.id), line)
  for (const { right, on, kind, folder, alias } of delegators) {
    const shared =
      kind === 'shared'
        ? '-Shared'
        : `-UserPrincipalName ${alias}@${testDomain} -Password (ConvertTo-SecureString '${testPassword}' -AsPlainText -Force)`
    await run(`New-Mailbox -Name '${alias}' -Alias ${alias} ${shared}`)
    await run(`Add-MailboxPermission ${alias} -User mary -AccessRights FullAccess`)
    await run(right === 'SendAs' ? `Add-RecipientPermission ${alias} -Trustee rob -AccessRights SendAs` : `Set-Mailbox ${alias} -GrantSendOnBehalfTo rob`) // prettier-ignore
    const switches: [string, boolean][] = [['MessageCopyForSentAsEnabled', right === 'SendAs' ? on : !on], ['MessageCopyForSendOnBehalfEnabled', right === 'SendAs' ? !on : on]] // prettier-ignore
    for (const [name, value] of switches) await run(`Set-Mailbox ${alias} -${name} $${value}`)
    if (folder === 'default') continue
    await run(`New-MailboxFolder '${customFolder}' -Parent '${alias}:\\'`)
    await run(`Set-MailboxMessageConfiguration ${alias} -SaveSentItemsTo '\\${customFolder}'`)
  }
}

/** A message as a client sees it in a folder, or as it came. */
export interface Seen {
  from: string
  sender: string
  isRead: boolean
}

/** What was found of the message of one row. */
export interface Found {
  /** In Sent Items and in the custom folder of the one whom it speaks for. */
  delegatorSentItems: Seen[]
  delegatorCustom: Seen[]
  /** In Rob's own Sent Items, where his EWS client saves it; over SMTP his client would do that itself. */
  ownSentItems: Seen[]
  /** In the recipient's Inbox. */
  received: Seen[]
}

/** Fails unless the message lies where the row says, once, with From and Sender as they must be. */
export function checkRow({ right, on, folder, over, address, name }: Row, found: Found): void {
  const rob = `rob@${testDomain}`
  const copy = { from: address, sender: rob, isRead: true }
  const where = { 'Sent Items': found.delegatorSentItems, custom: found.delegatorCustom }
  const expected = { 'Sent Items': on && folder === 'default' ? [copy] : [], custom: on && folder === 'custom' ? [copy] : [] }
  assert.deepEqual(where, expected, `${name}: what the represented mailbox keeps`)
  const shown = { from: address, sender: right === 'SendAs' ? address : rob }
  const own = found.ownSentItems.map(({ from, sender }) => ({ from, sender }))
  assert.deepEqual(own, over === 'EWS' ? [shown] : [], `${name}: what the sender keeps`)
  const came = found.received.map(({ from, sender }) => ({ from, sender }))
  assert.deepEqual(came, [shown], `${name}: From and Sender on the wire`)
}
