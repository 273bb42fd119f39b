/** The contract's transactions over a session. */
import { putBlob, readBlob } from './blobs.ts'
import { readAttachments, writeAttachments } from './attachments.ts'
import type { ReadTx, WriteTx } from './contract.ts'
import { readFolders, writeFolders } from './folders.ts'
import { readItems } from './items/read.ts'
import { writeItems } from './items/write.ts'
import { readMailboxes, writeMailboxes } from './mailboxes.ts'
import { readTracking, writeTracking } from './mail-flow/tracking.ts'
import { readJobs, writeJobs } from './objects/jobs.ts'
import { readObjects, writeObjects } from './objects/objects.ts'
import { readQueue, writeQueue } from './objects/queue.ts'
import { readReplies, writeReplies } from './replies/replies.ts'
import type { Session } from './session.ts'

export function readTransaction(session: Session): ReadTx {
  return {
    mailboxes: readMailboxes(session),
    folders: readFolders(session),
    items: readItems(session),
    attachments: readAttachments(session),
    blobs: { get: (mailbox, digest) => readBlob(session, mailbox, digest) },
    objects: readObjects(session),
    jobs: readJobs(session),
    queue: readQueue(session),
    tracking: readTracking(session),
    replies: readReplies(session),
  }
}

export function writeTransaction(session: Session): WriteTx {
  return {
    mailboxes: writeMailboxes(session),
    folders: writeFolders(session),
    items: writeItems(session),
    attachments: writeAttachments(session),
    blobs: {
      get: (mailbox, digest) => readBlob(session, mailbox, digest),
      put: (mailbox, blob) => putBlob(session, mailbox, blob),
    },
    objects: writeObjects(session),
    jobs: writeJobs(session),
    queue: writeQueue(session),
    tracking: writeTracking(session),
    replies: writeReplies(session),
  }
}
