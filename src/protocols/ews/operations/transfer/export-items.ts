import { ExportItems } from '#schema'
import { itemIdElement } from '../../convert/item.ts'
import { itemRefOf } from '../../ids/ews-id.ts'
import { answerEach, verb } from '../../verb.ts'

/** Items as bytes, each with its id (MS-OXWSBTRF_R170, R173), to be kept and uploaded again ([MS-OXWSBTRF] 3.1.4.1). */
export const exportItems = verb(ExportItems, ({ ItemIds }, context) =>
  answerEach(context, ItemIds, async ({ Id }) => {
    const ref = itemRefOf(Id)
    const { bytes, change } = await context.mailboxes.exportItem(context.caller, ref)
    return { ItemId: itemIdElement(ref, change), Data: Buffer.from(bytes).toString('base64') }
  }),
)
