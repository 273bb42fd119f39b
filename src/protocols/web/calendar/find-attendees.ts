import { z } from 'zod'
import type { Recipient } from '#directory'
import { verb } from '../verb.ts'

const mostFound = 20
const mostRooms = 500

const shownOf = ({ displayName, address, kind, capacity, title, office }: Recipient) => ({
  ...{ name: displayName, address },
  isRoom: kind === 'RoomMailbox',
  isResource: kind === 'RoomMailbox' || kind === 'EquipmentMailbox',
  ...(capacity === undefined ? {} : { capacity }),
  ...(title ? { title } : {}),
  ...(office ? { office } : {}),
})

/** People, groups and rooms whose name or address begins with these words. */
export const findAttendees = verb(z.object({ words: z.string().min(1).max(200) }), async ({ caller, directory }, { words }) => ({
  people: (await directory.resolve(caller.organisation, words, mostFound)).filter(({ address }) => address).map(shownOf),
}))

/** The rooms of the organisation by the lists that they are in; rooms in no list come last, without a list. */
export const findRooms = verb(z.object({}), async ({ caller, directory }) => {
  const visible = (list: Recipient[]) => list.filter(({ hiddenFromAddressLists }) => !hiddenFromAddressLists)
  const lists = visible(await directory.list(caller.organisation, ['RoomList'], '', 100))
  const known = await Promise.all(
    lists.map(async (list) => ({
      name: list.displayName,
      rooms: visible(await directory.members(list)).filter(({ kind }) => kind === 'RoomMailbox').slice(0, mostRooms).map(shownOf), // prettier-ignore
    })),
  )
  const listed = new Set(known.flatMap(({ rooms }) => rooms.map(({ address }) => address)))
  const all = visible(await directory.list(caller.organisation, ['RoomMailbox'], '', mostRooms))
  const others = all.filter(({ address }) => !listed.has(address)).map(shownOf)
  return { lists: others.length > 0 ? [...known, { name: '', rooms: others }] : known }
})
