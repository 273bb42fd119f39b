import { domainOf } from '#directory'
import { tooLongIn, type FolderRef, type NewItemInput, type Share, type ShareChanges } from '#mailbox'
import { Refusal, type Caller } from '#model'
import { GetItem, SyncFolderItems, type EwsItem } from '#schema'
import { LookupFailure } from '../failure.ts'
import type { SendEws } from '../lookup/asker.ts'
import { refusalOf, requesterOf } from '../lookup/lookup.ts'
import type { SharingContext } from './sharing.ts'

/** Changes of one page, and items of one question: with their texts they are to fit into one answer. */
const pageSize = 60
const together = 20
/** Pages of one refresh; the next one goes on where it ended. */
const mostPages = 200

const reading = { local: (text: string) => Date.parse(`${text}Z`), unknownElements: 'skip' as const }

/**
 * Brings the local copy of a folder that somebody in another organisation shares up to date ([MS-OXWSMSHR] 3.1.4.3): asks the other side's EWS
 * what changed, with a token that says for whom and the key of the invitation. Refuses as `shareOf`; no way to the other side →
 * SharingNoExternalEwsAvailable; one that gives no answer, or takes the key no longer → SharingSynchronizationFailed; no room for the
 * copies → QuotaExceeded.
 */
export async function refreshShare(ctx: SharingContext, caller: Caller, folder: FolderRef): Promise<void> {
  const { mailboxes, configuration, traces, deadline } = ctx
  const share = await mailboxes.shareOf(caller, folder)
  const relationship = await configuration.owner(caller.organisation, 'OrganizationRelationship', 'DomainNames', domainOf(share.sharer))
  if (!relationship?.Enabled || !(relationship.TargetSharingEpr || relationship.TargetAutodiscoverEpr)) {
    throw new Refusal('SharingNoExternalEwsAvailable', `No organisation relationship here leads to the EWS of ${share.sharer}.`)
  }
  // The key is good for the address that was invited, whichever of theirs it was.
  const requester = { ...(await requesterOf(ctx, caller)), address: share.invited }
  const recorder = traces.begin({ organisation: caller.organisation, role: 'asked', what: 'sharing', from: caller.address })
  const branch = recorder.branch('DAuth', [share.sharer], [])
  let full: Refusal | undefined
  try {
    const ask = (send: SendEws) => pages(ctx, caller, folder, share, send)
    const question = { requester, targets: [share.sharer], ask, sharingKey: share.key }
    full = await ctx.asker.ask(relationship, question, branch, AbortSignal.timeout(4 * deadline))
    const told = full ? { code: `Error${full.code}`, cause: full.message } : { code: 'NoError', cause: '' }
    recorder.outcome({ address: share.sharer, view: share.data, ...told })
  } catch (error) {
    const refusal = refusalOf(error, branch.branch, recorder.id)
    if (!refusal) throw error
    const noWay = ['AutoDiscoverFailed', 'ServiceDiscoveryFailed'].includes(refusal.code)
    const code = noWay ? 'SharingNoExternalEwsAvailable' : 'SharingSynchronizationFailed'
    recorder.outcome({ address: share.sharer, code: `Error${code}`, view: '', cause: String(refusal.detail.cause ?? refusal.message) })
    throw new Refusal(code, refusal.message, refusal.detail)
  } finally {
    branch.end()
    recorder.end()
  }
  if (full) throw full
}

/** Page after page. Gives the refusal of a mailbox that has no room here: nothing is wrong with the other side then. */
async function pages(
  { mailboxes }: SharingContext,
  caller: Caller,
  folder: FolderRef,
  share: Share,
  send: SendEws,
): Promise<Refusal | undefined> {
  let state = share.state
  for (let page = 0; page < mostPages; page++) {
    const { changes, isLast } = await nextPage(send, share, state)
    try {
      // Whoever is ahead goes on from there.
      if (!(await mailboxes.applyShare(caller, folder, changes))) return undefined
    } catch (error) {
      if (error instanceof Refusal && error.code === 'QuotaExceeded') return error
      throw error
    }
    state = changes.state
    if (isLast) return undefined
  }
  return undefined
}

/** One page of changes with the items in it. A state that the other side does not know any more → everything anew. */
async function nextPage(send: SendEws, share: Share, from: string | undefined): Promise<{ changes: ShareChanges; isLast: boolean }> {
  const asked = await synced(send, share, from)
  const isRefused = asked.ResponseCode === 'ErrorInvalidSyncStateData' && from !== undefined
  const message = isRefused ? await synced(send, share, undefined) : asked
  if (message.ResponseClass === 'Error' || !message.SyncState) throw refused('SyncFolderItems', message)
  const wanted = new Set<string>()
  const removed: string[] = []
  for (const change of message.Changes ?? []) {
    if (change.is === 'Delete') removed.push(change.value.ItemId.Id)
    else if (change.is !== 'ReadFlagChange') {
      const id = idOf(change.value)
      if (id) wanted.add(id)
    }
  }
  const ids = [...wanted]
  // Before anything more is asked for.
  const tooLong = tooLongIn({ put: ids.map((remote) => ({ remote })), removed, state: message.SyncState })
  if (tooLong) throw refused('SyncFolderItems', { MessageText: `it gave ${tooLong}` })
  const put: ShareChanges['put'] = []
  for (let at = 0; at < ids.length; at += together) {
    const some = ids.slice(at, at + together)
    const items = await itemsOf(send, share, some)
    for (const [index, input] of items.entries()) {
      const remote = some[index] ?? ''
      if (input) put.push({ remote, input })
      else removed.push(remote)
    }
  }
  return {
    changes: { put, removed, anew: isRefused || from === undefined, from, key: share.key, state: message.SyncState },
    isLast: message.IncludesLastItemInRange !== false,
  }
}

const idOf = ({ properties }: EwsItem): string | undefined => (properties.itemId as { Id?: string } | undefined)?.Id

async function synced(send: SendEws, { sharedFolder }: Share, state: string | undefined) {
  const body = SyncFolderItems.request.write(
    `m:${SyncFolderItems.requestElement}`,
    {
      ItemShape: { BaseShape: 'IdOnly' },
      SyncFolderId: { Folder: { is: 'FolderId', value: { Id: sharedFolder } } },
      ...(state === undefined ? {} : { SyncState: state }),
      MaxChangesReturned: pageSize,
    },
    { dateTime: String },
  )
  const answer = await send({ name: 'SyncFolderItems', what: 'ask EWS what changed in the shared folder', body })
  const [message] = SyncFolderItems.response.read(answer, reading)
  if (!message) throw refused('SyncFolderItems', {})
  return message
}

/** The items in the order asked; undefined for one that is not there any more, or is of a kind that is not copied. */
async function itemsOf(send: SendEws, { data }: Share, ids: readonly string[]): Promise<(NewItemInput | undefined)[]> {
  const body = GetItem.request.write(
    `m:${GetItem.requestElement}`,
    {
      ItemShape: { BaseShape: 'IdOnly', IncludeMimeContent: true },
      ItemIds: ids.map((Id) => ({ is: 'ItemId' as const, value: { Id } })),
    },
    { dateTime: String },
  )
  const answer = await send({ name: 'GetItem', what: `ask EWS for ${ids.length} items of the shared folder`, body })
  const messages = GetItem.response.read(answer, reading)
  return ids.map((_, at) => {
    const message = messages[at]
    if (message?.ResponseCode === 'ErrorItemNotFound') return undefined
    if (!message || message.ResponseClass === 'Error') throw refused('GetItem', message ?? {})
    const [item] = message.Items ?? []
    return item && copyOf(item, data)
  })
}

/** An item of the other side as it is copied. It reminds nobody here: it is somebody else's. */
function copyOf({ kind, mime }: EwsItem, data: Share['data']): NewItemInput | undefined {
  const wanted = data === 'Calendar' ? 'calendar' : 'contact'
  if (kind !== wanted || !mime) return undefined
  const properties: NewItemInput['properties'] = kind === 'calendar' ? { reminderIsSet: false } : {}
  return { kind, properties, mime: Buffer.from(mime.content, 'base64') }
}

function refused(
  operation: string,
  { ResponseCode = '', MessageText = '' }: { ResponseCode?: string; MessageText?: string },
): LookupFailure {
  return new LookupFailure(
    'SharingSynchronizationFailed',
    `EWS refused ${operation}, ${ResponseCode}: ${MessageText}`.slice(0, 1000),
    'The sharer may have taken the folder back: ask for a new invitation. The other side’s log says why.',
  )
}
