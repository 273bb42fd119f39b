import { createApps } from './apps/apps.ts'
import { createAudits } from './audit/verbs.ts'
import { createBinds } from './audit/binds.ts'
import { createArchive } from './archive/archive.ts'
import { copyAttachments } from './attachments/copy-attachments.ts'
import { createAttachments } from './attachments/create-attachments.ts'
import { deleteAttachment } from './attachments/delete-attachment.ts'
import { getAttachment } from './attachments/get-attachment.ts'
import { createAvailability } from './calendar/availability/availability.ts'
import { createCalendarLog } from './calendar/log/read.ts'
import { changeCalendarProcessing } from './calendar/meetings/change-processing.ts'
import { createMeetings } from './calendar/meetings/meetings.ts'
import type { MailboxContext } from './context.ts'
import type { Mailboxes } from './contract.ts'
import { createConversations } from './conversations/conversations.ts'
import { createDelegates } from './delegates/delegates.ts'
import { deliver } from './delivery/deliver.ts'
import { findItems } from './find/find-items.ts'
import { copyFolder } from './folders/copy-folder.ts'
import { createFolder } from './folders/create-folder.ts'
import { deleteFolder } from './folders/delete-folder.ts'
import { emptyFolder } from './folders/empty-folder.ts'
import { childFolder } from './folders/child-folder.ts'
import { changeFolderPermission } from './folders/change-folder-permission.ts'
import { folderAt } from './folders/folder-at.ts'
import { foldersAreIn, localiseFolders } from './folders/localise-folders.ts'
import { findFolders } from './folders/find-folders.ts'
import { getFolder } from './folders/get-folder.ts'
import { moveFolder } from './folders/move-folder.ts'
import { provision, provisionPublicFolders } from './folders/provision.ts'
import { updateFolder } from './folders/update-folder.ts'
import { createHolds } from './holds/holds.ts'
import { createIm } from './im/im.ts'
import { createItem } from './items/create-item.ts'
import { getItems } from './items/get-items.ts'
import { copyItem, moveItem } from './items/move-item.ts'
import { updateRecoverable } from './items/update-recoverable.ts'
import { createJunk } from './junk/mark-as-junk.ts'
import { createMailTips } from './mail-tips/mail-tips.ts'
import { createPeople } from './people/people.ts'
import { createQuotas } from './quotas/notices.ts'
import { createRecovery } from './recoverable/recovery.ts'
import { createReminders } from './reminders/reminders.ts'
import { deleteAndTell, markAllAndTell, updateAndTell } from './receipts/reading.ts'
import { createRetention } from './retention/retention.ts'
import { createRules } from './rules/rules.ts'
import { createSending } from './sending/sending.ts'
import { createSearches } from './search/search-mailbox.ts'
import { createSearchCounts } from './search/search-counts.ts'
import { createDatabaseQuotas } from './settings/quotas.ts'
import { changeSetting, saveSettings, settings } from './settings/settings.ts'
import { createLogons } from './statistics/logons.ts'
import { folderStatistics } from './statistics/folder-statistics.ts'
import { statistics } from './statistics/mailbox-statistics.ts'
import { createSharing } from './sharing/sharing.ts'
import { eventsSince } from './sync/events.ts'
import { syncFolders } from './sync/sync-folders.ts'
import { syncItems } from './sync/sync-items.ts'
import { createTransfer } from './transfer/transfer.ts'

/** The verbs on mailboxes over a store and a directory. Holds nothing itself but what is remembered for a moment: quotas, who opened which mailbox. */
export function createMailboxes(outside: Omit<MailboxContext, 'logons' | 'databaseQuotas' | 'searchCounts' | 'binds'>): Mailboxes {
  const ctx: MailboxContext = {
    ...outside,
    logons: createLogons(outside),
    databaseQuotas: createDatabaseQuotas(outside),
    searchCounts: createSearchCounts(),
    binds: createBinds(outside),
  }
  return {
    provision: (organisation, mailbox, options) => provision(ctx, organisation, mailbox, options),
    provisionPublicFolders: (organisation, mailbox, options) => provisionPublicFolders(ctx, organisation, mailbox, options),
    settings: (caller, mailbox) => settings(ctx, caller, mailbox),
    saveSettings: (caller, mailbox, changes) => saveSettings(ctx, caller, mailbox, changes),
    changeSetting: (caller, mailbox, name, change) => changeSetting(ctx, caller, mailbox, name, change),
    changeCalendarProcessing: (caller, mailbox, made, options) => changeCalendarProcessing(ctx, caller, mailbox, made, options),

    statistics: (caller, mailbox) => statistics(ctx, caller, mailbox),
    folderStatistics: (caller, mailbox, options) => folderStatistics(ctx, caller, mailbox, options),
    folderAt: (caller, mailbox, path) => folderAt(ctx, caller, mailbox, path),
    childFolder: (caller, parent, name) => childFolder(ctx, caller, parent, name),
    changeFolderPermission: (caller, folder, change) => changeFolderPermission(ctx, caller, folder, change),
    localiseFolders: (caller, mailbox, culture) => localiseFolders(ctx, caller, mailbox, culture),
    foldersAreIn: (caller, mailbox, culture) => foldersAreIn(ctx, caller, mailbox, culture),

    getFolder: (caller, folder, wanted) => getFolder(ctx, caller, folder, wanted),
    findFolders: (caller, input) => findFolders(ctx, caller, input),
    createFolder: (caller, input) => createFolder(ctx, caller, input),
    updateFolder: (caller, folder, changes) => updateFolder(ctx, caller, folder, changes),
    deleteFolder: (caller, folder, type) => deleteFolder(ctx, caller, folder, type),
    moveFolder: (caller, folder, to) => moveFolder(ctx, caller, folder, to),
    copyFolder: (caller, folder, to) => copyFolder(ctx, caller, folder, to),
    emptyFolder: (caller, folder, type, subFolders) => emptyFolder(ctx, caller, folder, type, subFolders),
    syncFolders: (caller, input) => syncFolders(ctx, caller, input),

    getItems: (caller, items, wanted) => getItems(ctx, caller, items, wanted),
    findItems: (caller, input) => findItems(ctx, caller, input),
    createItem: (caller, folder, input) => createItem(ctx, caller, folder, input),
    updateItem: (caller, item, changes, options) => updateAndTell(ctx, caller, item, changes, options),
    updateRecoverable: (caller, item, update) => updateRecoverable(ctx, caller, item, update),
    deleteItem: (caller, item, type, options = {}) => deleteAndTell(ctx, caller, item, type, options),
    moveItem: (caller, item, to) => moveItem(ctx, caller, item, to),
    copyItem: (caller, item, to) => copyItem(ctx, caller, item, to),
    markAllRead: (caller, folder, isRead, options) => markAllAndTell(ctx, caller, folder, isRead, options?.suppressReadReceipts),
    syncItems: (caller, input) => syncItems(ctx, caller, input),

    ...createSending(ctx),

    createAttachments: (caller, item, attachments) => createAttachments(ctx, caller, item, attachments),
    getAttachment: (caller, item, path, wanted) => getAttachment(ctx, caller, item, path, wanted),
    copyAttachments: (caller, item, path, which) => copyAttachments(ctx, caller, item, path, which),
    deleteAttachment: (caller, item, path) => deleteAttachment(ctx, caller, item, path),

    ...createMeetings(ctx),
    ...createAvailability(ctx),
    ...createMailTips(ctx),
    ...createConversations(ctx),
    ...createReminders(ctx),
    ...createPeople(ctx),
    ...createRecovery(ctx),
    ...createArchive(ctx),
    ...createIm(ctx),
    ...createTransfer(ctx),
    ...createRetention(ctx),
    ...createRules(ctx),
    ...createJunk(ctx),
    ...createDelegates(ctx),
    ...createSearches(ctx),
    ...createAudits(ctx),
    ...createCalendarLog(ctx),
    ...createHolds(ctx),
    ...createSharing(ctx),
    ...createApps(ctx),
    ...createQuotas(ctx),

    deliver: (organisation, mailbox, delivery, also) => deliver(ctx, organisation, mailbox, delivery, also),

    eventsSince: (caller, input) => eventsSince(ctx, caller, input),
    watch: (mailbox, signal) => ctx.store.watch(mailbox, signal),
  }
}
