import type { EwsVerb } from '../../verb.ts'
import { expandDL } from './expand-dl.ts'
import { findPeople } from './find-people.ts'
import { getPasswordExpirationDate } from './get-password-expiration-date.ts'
import { getPersona } from './get-persona.ts'
import { getRoomLists } from './get-room-lists.ts'
import { getRooms } from './get-rooms.ts'
import { getUserPhoto } from './get-user-photo.ts'
import { setUserPhoto } from './set-user-photo.ts'
import { resolveNames } from './resolve-names.ts'

export const peopleVerbs: readonly EwsVerb[] = [
  resolveNames,
  expandDL,
  getRoomLists,
  getRooms,
  getUserPhoto,
  setUserPhoto,
  findPeople,
  getPersona,
  getPasswordExpirationDate,
]
