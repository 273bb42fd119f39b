/** Where a GUID as text says its version (RFC 9562 4.2). */
const versionAt = 14
/** The version for GUIDs that mean something of their own (RFC 9562 5.8); those of people's mailboxes are random, version 4. */
const ofPublicFolders = '8'

/** The GUID of a mailbox that holds public folders, made of a random one. Their ids have another form than others, so that the GUID says it. */
export const publicMailboxGuid = (random: string): string => `${random.slice(0, versionAt)}${ofPublicFolders}${random.slice(versionAt + 1)}`

/** True for such a GUID. It says what form ids have; what somebody may do is never decided by it. */
export const isPublicMailbox = (mailbox: string): boolean => mailbox[versionAt] === ofPublicFolders
