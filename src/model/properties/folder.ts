import type { PropertyRow } from './row.ts'

/** One row a property: properties of folders ([MS-OXWSFOLD] 2.2.4.1). */
// prettier-ignore
export const folderProperties: readonly PropertyRow[] = [
  { name: 'folderId', kind: 'folderId', uri: 'folder:FolderId', element: 'FolderId', on: ['folder'], set: 'server', from: 'derived', inDefault: true },
  { name: 'folderParentId', kind: 'folderId', uri: 'folder:ParentFolderId', element: 'ParentFolderId', on: ['folder'], set: 'server', from: 'derived' },
  { name: 'folderClass', kind: 'string', uri: 'folder:FolderClass', element: 'FolderClass', on: ['folder'], set: 'create', from: 'derived' },
  { name: 'folderDisplayName', kind: 'string', uri: 'folder:DisplayName', element: 'DisplayName', on: ['folder'], set: 'client', from: 'derived', inDefault: true, mapi: { tag: 0x3001, type: 'String' } },
  { name: 'totalCount', kind: 'integer', uri: 'folder:TotalCount', element: 'TotalCount', on: ['folder'], set: 'server', from: 'derived', inDefault: true, mapi: { tag: 0x3602, type: 'Integer' } },
  { name: 'childFolderCount', kind: 'integer', uri: 'folder:ChildFolderCount', element: 'ChildFolderCount', on: ['folder'], set: 'server', from: 'derived', inDefault: true },
  { name: 'managedFolderInformation', kind: 'tree', uri: 'folder:ManagedFolderInformation', element: 'ManagedFolderInformation', on: ['folder'], set: 'server', from: 'derived', onRequest: true },
  { name: 'folderEffectiveRights', kind: 'effectiveRights', uri: 'folder:EffectiveRights', element: 'EffectiveRights', on: ['folder'], set: 'server', from: 'derived' },
  { name: 'distinguishedFolderId', kind: 'string', uri: 'folder:DistinguishedFolderId', element: 'DistinguishedFolderId', on: ['folder'], set: 'server', from: 'derived', since: 'Exchange2013' },
  { name: 'folderPolicyTag', kind: 'tree', uri: 'folder:PolicyTag', element: 'PolicyTag', on: ['folder'], set: 'client', from: 'bag', since: 'Exchange2013' },
  { name: 'folderArchiveTag', kind: 'tree', uri: 'folder:ArchiveTag', element: 'ArchiveTag', on: ['folder'], set: 'client', from: 'bag', since: 'Exchange2013' },
  { name: 'replicaList', kind: 'strings', uri: 'folder:ReplicaList', element: 'ReplicaList', on: ['folder'], set: 'server', from: 'derived', since: 'Exchange2013', onRequest: true },
  { name: 'sharingEffectiveRights', kind: 'string', uri: 'folder:SharingEffectiveRights', element: 'SharingEffectiveRights', on: ['folder'], set: 'server', from: 'derived', onRequest: true },
  { name: 'permissionSet', kind: 'permissionSet', uri: 'folder:PermissionSet', element: 'PermissionSet', on: ['folder'], set: 'client', from: 'derived', onRequest: true },
  { name: 'unreadCount', kind: 'integer', uri: 'folder:UnreadCount', element: 'UnreadCount', on: ['folder'], set: 'server', from: 'derived', inDefault: true, mapi: { tag: 0x3603, type: 'Integer' } },
  { name: 'searchParameters', kind: 'tree', uri: 'folder:SearchParameters', element: 'SearchParameters', on: ['folder'], set: 'client', from: 'bag', onRequest: true },
]
