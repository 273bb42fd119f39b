import { removed } from '../removed.ts'
import { findPeople } from './find-people.ts'
import { person } from './person.ts'
import { saveContact } from './save-contact.ts'
import { saveContactList } from './save-contact-list.ts'

export const peopleVerbs = { findPeople, person, removeContact: removed, saveContact, saveContactList }
