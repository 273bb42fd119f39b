import { Refusal } from '#model'
import { GetRooms } from '#schema'
import { recipientMailbox } from '../../convert/recipient.ts'
import { answerOne, verb } from '../../verb.ts'

/** The rooms of a room list ([MS-OXWSGTRM] 3.1.4.2). No such list → NameResolutionNoResults. */
export const getRooms = verb(GetRooms, ({ RoomList }, context) =>
  answerOne(context, async () => {
    const address = RoomList.EmailAddress
    if (!address) throw new Refusal('InvalidSmtpAddress', 'GetRooms/RoomList: expected EmailAddress')
    const list = await context.directory.find(address, context.caller.organisation)
    if (list?.kind !== 'RoomList') throw new Refusal('NameResolutionNoResults', `There is no room list '${address.slice(0, 320)}'.`)
    const rooms = (await context.directory.members(list)).filter(({ kind }) => kind === 'RoomMailbox')
    return { Rooms: rooms.map((room) => ({ Id: recipientMailbox(room) })) }
  }),
)
