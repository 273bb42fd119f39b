import type { FederatedRequests } from '#access'
import type { Configuration, ConfigurationObject, Directory } from '#directory'
import type { Folder, FolderRef, Mailboxes } from '#mailbox'
import type { Caller } from '#model'
import type { Asker } from '../lookup/asker.ts'
import type { DelegationTokens } from '../tokens/delegation-tokens.ts'
import type { Traces } from '../trace/recorder.ts'
import { acceptInvitation } from './accept.ts'
import { sharingMetadata, type SharingMetadata } from './metadata.ts'
import { refreshShare } from './refresh.ts'

/** What sharing with other organisations works with. */
export interface SharingContext {
  directory: Pick<Directory, 'find' | 'acceptedDomain' | 'recipient'>
  configuration: Pick<Configuration, 'get' | 'find' | 'list' | 'owner'>
  mailboxes: Pick<Mailboxes, 'folderToShare' | 'shareFolder' | 'acceptShare' | 'shareOf' | 'applyShare'>
  federatedRequests: Pick<FederatedRequests, 'openToken'>
  tokens: DelegationTokens
  asker: Asker<ConfigurationObject<'OrganizationRelationship'>>
  traces: Traces
  random: (size: number) => Uint8Array
  /** Where other organisations reach EWS of this one; empty = not known. */
  ewsUrl: (organisation: string) => Promise<string>
  deadline: number
}

/** Folders shared between federated organisations ([MS-OXWSMSHR], [MS-OXSHRMSG]). */
export interface Sharing {
  /** See `sharingMetadata`. */
  metadata(caller: Caller, folder: FolderRef, folderId: string, sender: string, recipients: readonly string[]): Promise<SharingMetadata>
  /** See `acceptInvitation`. */
  accept(caller: Caller, mailbox: string, metadata: Uint8Array): Promise<Folder>
  /** See `refreshShare`. */
  refresh(caller: Caller, folder: FolderRef): Promise<void>
}

export function createSharing(ctx: SharingContext): Sharing {
  return {
    metadata: (caller, folder, folderId, sender, recipients) => sharingMetadata(ctx, caller, folder, folderId, sender, recipients),
    accept: (caller, mailbox, metadata) => acceptInvitation(ctx, caller, mailbox, metadata),
    refresh: (caller, folder) => refreshShare(ctx, caller, folder),
  }
}
