import type { Recipient } from '#directory'
import { isPublicMailbox, Refusal } from '#model'
import { ConvertId, type AlternateId } from '#schema'
import type { EwsContext } from '../../context.ts'
import { decodeEwsId, decodeLegacyEwsId, encodeEwsId, encodeLegacyEwsId, type EwsId } from '../../ids/ews-id.ts'
import { decodeStoreId, encodeStoreId, malformed } from '../../ids/store-id.ts'
import { answerEach, verb } from '../../verb.ts'

type Format = 'EwsLegacyId' | 'EwsId' | 'EntryId' | 'HexEntryId' | 'StoreId' | 'OwaId'

/** The bytes of base64 or of its form for URLs; anything else is malformed. */
function bytesOf(text: string, encoding: 'base64' | 'hex'): Buffer {
  const bytes = Buffer.from(text, encoding)
  const same = encoding === 'hex' ? bytes.toString('hex') === text.toLowerCase() : bytes.toString('base64') === text
  if (bytes.length === 0 || !same) throw malformed(`it is not ${encoding}`)
  return bytes
}

const ofStoreId = (bytes: Buffer): EwsId => {
  const { kind, mailbox, id } = decodeStoreId(bytes)
  return { type: kind, mailbox, id }
}

/** How each format is read. A store id is an entry id with the length and type of its kind behind it ([MS-OXWSCVTID] 2.2.5.2). */
const readers: Readonly<Record<Format, (text: string) => EwsId>> = {
  EwsId: decodeEwsId,
  EwsLegacyId: decodeLegacyEwsId,
  OwaId: (text) => decodeEwsId(text.includes('%') ? decoded(text) : text),
  EntryId: (text) => ofStoreId(bytesOf(text, 'base64')),
  HexEntryId: (text) => ofStoreId(bytesOf(text, 'hex')),
  StoreId: (text) => {
    const bytes = bytesOf(text, 'base64')
    const length = bytes[0] ?? 0
    if (bytes.length !== length + 2) throw malformed('its length is wrong')
    return ofStoreId(bytes.subarray(1, length + 1))
  },
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (error) {
    if (error instanceof URIError) throw malformed('it is not escaped as in URLs')
    throw error
  }
}

function entryId(id: EwsId): Buffer {
  if (id.type === 'conversation') throw new Refusal('UnsupportedTypeForConversion', 'A conversation has no entry id.')
  if (id.type === 'item' && (id.occurrence !== undefined || id.attachments)) {
    throw new Refusal('UnsupportedTypeForConversion', 'Occurrences and attachments have no entry id of their own.')
  }
  return encodeStoreId({ mailbox: id.mailbox, kind: id.type, id: id.id })
}

function written(id: EwsId, format: Format, address: string): string {
  switch (format) {
    case 'EwsId':
      return encodeEwsId(id)
    case 'EwsLegacyId':
      return encodeLegacyEwsId(id, address)
    case 'OwaId':
      return encodeURIComponent(encodeEwsId(id))
    case 'EntryId':
      return entryId(id).toString('base64')
    case 'HexEntryId':
      return entryId(id).toString('hex').toUpperCase()
    case 'StoreId': {
      const bytes = entryId(id)
      return Buffer.concat([Buffer.from([bytes.length]), bytes, Buffer.from([id.type === 'folder' ? 1 : 9])]).toString('base64')
    }
  }
}

/** Whose mailbox an id lies in: the address is what clients take for the mailbox's name (DavMail). */
async function ownerOf(context: EwsContext, id: EwsId): Promise<Recipient> {
  const owner = await context.directory.recipientOfMailbox(context.caller.organisation, id.mailbox)
  if (!owner) throw new Refusal('InvalidIdMalformed', 'The id is of no mailbox here.')
  return owner
}

/** A public folder, and an item in one, as they are written in another format. */
function publicFolderId(text: string, format: Format): Extract<EwsId, { type: 'folder' }> {
  const id = readers[format](text)
  if (id.type !== 'folder' || !isPublicMailbox(id.mailbox)) throw malformed('it names no public folder')
  return id
}

function publicItemId(text: string, format: Format, folder: Extract<EwsId, { type: 'folder' }>): EwsId {
  const id = readers[format](text)
  const isIn = id.type === 'item' && id.mailbox === folder.mailbox && (id.folder ?? folder.id) === folder.id
  if (!isIn || id.occurrence !== undefined || id.attachments) throw malformed('it names no item in the public folder')
  return { ...id, folder: folder.id }
}

async function converted(context: EwsContext, source: AlternateId, to: Format): Promise<AlternateId> {
  const Format = to
  if (source.is === 'AlternateId') {
    const id = readers[source.value.Format](source.value.Id)
    const { address: Mailbox, archive } = await ownerOf(context, id)
    const isArchive = archive?.mailbox === id.mailbox
    return { is: source.is, value: { Format, Id: written(id, to, Mailbox), Mailbox, ...(isArchive ? { IsArchive: true } : {}) } }
  }
  const folder = publicFolderId(source.value.FolderId, source.value.Format)
  const { address } = await ownerOf(context, folder)
  const FolderId = written(folder, to, address)
  if (source.is === 'AlternatePublicFolderId') return { is: source.is, value: { Format, FolderId } }
  const item = publicItemId(source.value.ItemId, source.value.Format, folder)
  return { is: source.is, value: { Format, FolderId, ItemId: written(item, to, address) } }
}

/** Ids from one format to another ([MS-OXWSCVTID] 3.1.4.1); nothing is looked up but the mailbox. */
export const convertId = verb(ConvertId, ({ SourceIds, DestinationFormat }, context) =>
  answerEach(context, SourceIds, async (source: AlternateId) => ({ AlternateId: await converted(context, source, DestinationFormat) })),
)
