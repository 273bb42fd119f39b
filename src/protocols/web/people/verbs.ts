import { removed } from '../removed.ts'
import { importContacts } from './contact-file.ts'
import { findPeople } from './find-people.ts'
import { person } from './person.ts'
import { saveContact } from './save-contact.ts'
import { saveContactList } from './save-contact-list.ts'

export const peopleVerbs = { findPeople, importContacts, person, removeContact: removed, saveContact, saveContactList }
