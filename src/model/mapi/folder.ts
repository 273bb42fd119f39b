import type { MapiType } from '../values.ts'
import type { MapiAlias } from './alias.ts'

/** Reads a pseudo-property of folders as it stands. */
function read(tag: number, type: MapiType, name: string): MapiAlias {
  return {
    property: { tag, type },
    on: ['folder'],
    needs: [name],
    read: (get) => {
      const value = get(name)
      return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined
    },
  }
}

/** Special MAPI views on folders ([MS-OXCFOLD] 2.2.2.2; interop 3.5). */
export const folderAliases: readonly MapiAlias[] = [
  { ...read(0x10f4, 'Boolean', '$hidden'), write: (value) => ({ $hidden: value === true }) },
  { ...read(0x3613, 'String', 'folderClass'), write: (value) => ({ folderClass: value?.toString() }) },
  read(0x3601, 'Integer', '$folderType'),
  read(0x360a, 'Boolean', '$hasSubfolders'),
  read(0x3617, 'Integer', '$associatedTotal'),
  read(0x6638, 'Integer', 'childFolderCount'),
  read(0x670a, 'SystemTime', '$contentModified'),
  read(0x0e08, 'Integer', '$size'),
  // Of the mailbox as a whole, in KB ([MS-OXPROPS] PidTagStorageQuotaLimit, PidTagProhibitReceiveQuota, PidTagProhibitSendQuota).
  read(0x3ff5, 'Integer', '$storageQuotaLimit'),
  read(0x666a, 'Integer', '$prohibitReceiveQuota'),
  read(0x666e, 'Integer', '$prohibitSendQuota'),
  read(0x3007, 'SystemTime', '$created'),
  read(0x3008, 'SystemTime', '$modified'),
]
