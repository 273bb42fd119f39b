import { GetRoomLists } from '#schema'
import { recipientMailbox } from '../../convert/recipient.ts'
import { answerOne, verb } from '../../verb.ts'

/** How many room lists one answer holds. */
const mostLists = 1000

/** The room lists of the organisation ([MS-OXWSGTRM] 3.1.4.1). */
export const getRoomLists = verb(GetRoomLists, (_request, context) =>
  answerOne(context, async () => {
    const lists = await context.directory.list(context.caller.organisation, ['RoomList'], '', mostLists)
    return { RoomLists: lists.filter((list) => !list.hiddenFromAddressLists).map(recipientMailbox) }
  }),
)
