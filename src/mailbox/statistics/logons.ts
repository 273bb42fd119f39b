import type { Instant } from '#model'
import type { MailboxRow } from '#store'
import type { MailboxContext } from '../context.ts'

/** Who last opened a mailbox, and when; when it was last left is known once nobody has asked for anything for a while. */
export interface Logon {
  at: Instant
  /** Address of whoever it was: the owner, somebody with full access, or who acts for one of them. */
  account: string
  left?: Instant
}

export interface Logons {
  /** Somebody opens the mailbox. Waits for nothing; what is kept of it is as much as five minutes old. */
  note(mailbox: string, account: string): void
  /** The last one, of this process if it knows of one since. */
  last(row: Pick<MailboxRow, 'mailbox' | 'settings'>): Logon | undefined
}

/** A mailbox's row is written at most so often, in milliseconds; after that long without a request the mailbox was left. */
const coarse = 5 * 60_000
const most = 10_000
const setting = 'lastLogon'

interface Known {
  last: Logon
  written: Instant
}

/** Keeps who opened which mailbox, in its settings: one write a mailbox in five minutes, of all requests together. */
export function createLogons({ store, clock, log }: Pick<MailboxContext, 'store' | 'clock' | 'log'>): Logons {
  const known = new Map<string, Known>()

  async function keep(mailbox: string, last: Logon): Promise<void> {
    try {
      await store.write(async (tx) => {
        const row = await tx.mailboxes.get(mailbox)
        if (!row) return
        const before = keptOf(row)
        const kept: Logon = { ...(before ? { left: before.at } : {}), ...last }
        await tx.mailboxes.saveSettings(mailbox, { ...row.settings, [setting]: kept })
      })
    } catch (err) {
      log.warn({ err, mailbox }, 'who opened the mailbox could not be kept')
    }
  }

  return {
    note(mailbox, account) {
      const at = clock()
      const found = known.get(mailbox)
      if (found && at - found.written < coarse) {
        found.last = { ...found.last, at, account }
        return
      }
      if (!found && known.size >= most) known.clear()
      const last: Logon = { at, account, ...(found ? { left: found.last.at } : {}) }
      known.set(mailbox, { last, written: at })
      void keep(mailbox, last)
    },
    last(row) {
      const kept = keptOf(row)
      const own = known.get(row.mailbox)?.last
      const newest = own && own.at >= (kept?.at ?? 0) ? { ...kept, ...own } : kept
      return newest && clock() - newest.at >= coarse ? { ...newest, left: newest.at } : newest
    },
  }
}

function keptOf({ settings }: Pick<MailboxRow, 'settings'>): Logon | undefined {
  const kept = settings[setting] as Partial<Logon> | undefined
  return typeof kept?.at === 'number' && typeof kept.account === 'string' ? (kept as Logon) : undefined
}
