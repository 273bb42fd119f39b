import type { EwsVerb } from '../verb.ts'
import { convertId } from './convert-id.ts'
import { copyFolder } from './copy-folder.ts'
import { createAttachment } from './create-attachment.ts'
import { createFolder } from './create-folder.ts'
import { createItem } from './create-item.ts'
import { createUserConfiguration } from './create-user-configuration.ts'
import { deleteAttachment } from './delete-attachment.ts'
import { deleteFolder } from './delete-folder.ts'
import { deleteItem } from './delete-item.ts'
import { deleteUserConfiguration } from './delete-user-configuration.ts'
import { emptyFolder } from './empty-folder.ts'
import { expandDL } from './expand-dl.ts'
import { findFolder } from './find-folder.ts'
import { findItem } from './find-item.ts'
import { getAttachment } from './get-attachment.ts'
import { getEvents } from './get-events.ts'
import { getFolder } from './get-folder.ts'
import { getItem } from './get-item.ts'
import { getMailTips } from './get-mail-tips.ts'
import { getRoomLists } from './get-room-lists.ts'
import { getRooms } from './get-rooms.ts'
import { getServerTimeZones } from './get-server-time-zones.ts'
import { getServiceConfiguration } from './get-service-configuration.ts'
import { getStreamingEvents } from './get-streaming-events.ts'
import { getUserAvailability } from './get-user-availability.ts'
import { getUserConfiguration } from './get-user-configuration.ts'
import { getUserOofSettings } from './get-user-oof-settings.ts'
import { getUserPhoto } from './get-user-photo.ts'
import { markAllItemsAsRead } from './mark-all-items-as-read.ts'
import { moveFolder } from './move-folder.ts'
import { copyItem, moveItem } from './move-item.ts'
import { resolveNames } from './resolve-names.ts'
import { sendItem } from './send-item.ts'
import { setUserOofSettings } from './set-user-oof-settings.ts'
import { subscribe } from './subscribe.ts'
import { syncFolderHierarchy } from './sync-folder-hierarchy.ts'
import { syncFolderItems } from './sync-folder-items.ts'
import { unsubscribe } from './unsubscribe.ts'
import { updateFolder } from './update-folder.ts'
import { updateItem } from './update-item.ts'
import { updateUserConfiguration } from './update-user-configuration.ts'

/** Every operation that is served, by the element of its request. Those that `#schema` knows and this table does not answer ErrorInvalidRequest. */
export const verbs: ReadonlyMap<string, EwsVerb> = new Map(
  [
    findFolder, getFolder, createFolder, updateFolder, deleteFolder, moveFolder, copyFolder, emptyFolder, syncFolderHierarchy,
    findItem, getItem, createItem, updateItem, deleteItem, moveItem, copyItem, sendItem, syncFolderItems, markAllItemsAsRead,
    createAttachment, getAttachment, deleteAttachment,
    resolveNames, expandDL, getRoomLists, getRooms, getUserPhoto, getServerTimeZones, convertId,
    createUserConfiguration, getUserConfiguration, updateUserConfiguration, deleteUserConfiguration,
    getMailTips, getServiceConfiguration, getUserAvailability, getUserOofSettings, setUserOofSettings, subscribe, unsubscribe, getEvents, getStreamingEvents,
  ].map((one) => [one.operation.requestElement, one]),
) // prettier-ignore
