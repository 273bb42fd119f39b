import { Refusal, type Base64, type Caller } from '#model'
import type { FolderRow, ItemRow, ReadTx, WriteTx } from '#store'
import type { MailboxContext } from '../context.ts'
import { storedFolder } from '../folders/resolve.ts'
import { prepareItem } from '../items/prepare.ts'
import { insertItem, loadBody, removeItem } from '../items/stored.ts'
import { accessTo } from '../permissions/access.ts'
import type { AppVerbs, MailboxApp } from './contract.ts'
import { appIdOf } from './manifest.ts'

/** An app is an associated item at the root of the mailbox: nobody sees it among messages, and it goes where the mailbox goes. */
const itemClass = 'IPM.Configuration.App'
const mostApps = 50

/** The verbs on the apps of a mailbox, for the protocols. */
export function createApps(ctx: MailboxContext): AppVerbs {
  return {
    apps: (caller, mailbox) => apps(ctx, caller, mailbox),
    installApp: (caller, mailbox, manifest) => installApp(ctx, caller, mailbox, manifest),
    uninstallApp: (caller, mailbox, id) => changeApp(ctx, caller, mailbox, id, removeItem),
    disableApp: (caller, mailbox, id, reason) =>
      changeApp(ctx, caller, mailbox, id, async (tx, row) => {
        await tx.items.update(mailbox, row.id, { properties: { ...row.properties, $disabled: reason } })
      }),
  }
}

async function requireOwner(ctx: MailboxContext, caller: Caller, mailbox: string): Promise<void> {
  const access = await accessTo(ctx, caller, mailbox)
  if (!access.full) throw new Refusal('AccessDenied', 'Apps are for the owner of the mailbox.')
}

function appRows(tx: ReadTx, root: FolderRow): Promise<ItemRow[]> {
  return tx.items.rows({
    mailbox: root.mailbox,
    folders: [root.id],
    associated: true,
    order: [{ column: 'id', descending: false }],
    where: { column: 'itemClass', is: '=', value: itemClass },
    limit: mostApps,
  })
}

const rootOf = (tx: ReadTx, mailbox: string) => storedFolder(tx, { mailbox, kind: 'root' })

async function apps(ctx: MailboxContext, caller: Caller, mailbox: string): Promise<MailboxApp[]> {
  await requireOwner(ctx, caller, mailbox)
  return ctx.store.read(async (tx) => {
    const found: MailboxApp[] = []
    for (const row of await appRows(tx, await rootOf(tx, mailbox))) {
      const disabled = row.properties.$disabled
      const manifest = (await loadBody(tx, row))?.value ?? ''
      found.push({ id: row.subject, manifest, ...(typeof disabled === 'string' ? { disabled } : {}) })
    }
    return found
  })
}

async function installApp(ctx: MailboxContext, caller: Caller, mailbox: string, manifest: Base64): Promise<boolean> {
  await requireOwner(ctx, caller, mailbox)
  const id = appIdOf(manifest)
  const properties = { itemClass, subject: id, body: { type: 'Text' as const, value: manifest } }
  const prepared = await prepareItem(ctx, { kind: 'message', properties, associated: true }, { creator: '', modifiedBy: caller.name })
  return ctx.store.write(async (tx) => {
    const root = await rootOf(tx, mailbox)
    const rows = await appRows(tx, root)
    const before = rows.find((row) => row.subject === id)
    if (!before && rows.length >= mostApps) {
      throw new Refusal('DataSizeLimitExceeded', `A mailbox has at most ${mostApps} apps; uninstall one first.`)
    }
    if (before) await removeItem(tx, before)
    await insertItem(tx, mailbox, root.id, prepared)
    return !before
  })
}

async function changeApp(
  ctx: MailboxContext,
  caller: Caller,
  mailbox: string,
  id: string,
  change: (tx: WriteTx, row: ItemRow) => Promise<void>,
): Promise<void> {
  await requireOwner(ctx, caller, mailbox)
  const wanted = id.trim().replaceAll(/[{}]/g, '').toLowerCase()
  await ctx.store.write(async (tx) => {
    const row = (await appRows(tx, await rootOf(tx, mailbox))).find(({ subject }) => subject === wanted)
    if (!row) throw new Refusal('ExtensionNotFound', `No app '${id.slice(0, 100)}' is installed.`)
    await change(tx, row)
  })
}
