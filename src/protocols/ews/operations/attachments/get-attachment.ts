import type { Wanted } from '#mailbox'
import { Refusal } from '#model'
import { GetAttachment, type EwsAttachment, type Infer } from '#schema'
import type { EwsContext } from '../../context.ts'
import { attachmentElement } from '../../convert/attachment.ts'
import { attachedEwsItem } from '../../convert/item.ts'
import { askedBy, type Asked } from '../../convert/shape.ts'
import { attachmentRefOf } from '../../ids/ews-id.ts'
import { answerEach, verb } from '../../verb.ts'

type Request = Infer<typeof GetAttachment.request>

/** An attached item is shown with everything it has, and what is named besides ([MS-OXWSATT] 2.2.4.3). */
function askedOfAttachment({ AttachmentShape: shape }: Request, version: number): Asked {
  const asked = askedBy(
    {
      BaseShape: 'AllProperties',
      ...(shape?.IncludeMimeContent ? { IncludeMimeContent: true } : {}),
      ...(shape?.BodyType ? { BodyType: shape.BodyType } : {}),
      ...(shape?.FilterHtmlContent ? { FilterHtmlContent: true } : {}),
      ...(shape?.AdditionalProperties ? { AdditionalProperties: shape.AdditionalProperties } : {}),
    },
    version,
  )
  const wanted: Wanted = { ...asked.wanted, paths: [...(asked.wanted.paths ?? []), { property: 'body' }, { property: 'attachments' }] }
  return { ...asked, wanted }
}

async function read(context: EwsContext, id: string, asked: Asked): Promise<EwsAttachment> {
  const { item: ref, path } = attachmentRefOf(id)
  const found = await context.mailboxes.getAttachment(context.caller, ref, path, asked.wanted)
  const element = attachmentElement(found.row, { ref, path: path.slice(0, -1) })
  if (element.is === 'FileAttachment') return { ...element, Content: Buffer.from(found.content ?? []).toString('base64') }
  if (element.is === 'ReferenceAttachment') return element
  if (!found.item) throw new Refusal('ItemCorrupt', 'The attached item is not there.')
  const Item = attachedEwsItem(found.item, asked, { ref, change: found.item.head.change, path })
  return { ...element, is: 'ItemAttachment', Item }
}

/** Attachments with their content ([MS-OXWSATT] 3.1.4.3). */
export const getAttachment = verb(GetAttachment, (request, context) => {
  const asked = askedOfAttachment(request, context.version)
  return answerEach(context, request.AttachmentIds, async ({ Id }) => {
    if (asked.refusal) throw asked.refusal
    return { Attachments: [await read(context, Id, asked)] }
  })
})
