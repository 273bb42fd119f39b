import { createEvents } from './events.ts'
import { quoteFrame } from './compose/quote-frame.ts'
import { calendarFile } from './calendar/calendar-file.ts'
import { attachmentFile } from './mail/attachment-file.ts'
import { messageFrame } from './mail/message-frame.ts'
import { messageSource } from './mail/message-source.ts'
import { contactsFile } from './people/contact-file.ts'
import { contactCard, contactPicture, directoryPhoto } from './people/pictures.ts'
import type { Resource } from './resource.ts'

/** What a browser fetches by its address, by the first part of the path behind `/owa/`. */
export const createResources = (): Readonly<Record<string, Resource>> => ({
  attachment: attachmentFile,
  events: createEvents(),
  'calendar-file': calendarFile,
  frame: messageFrame,
  quote: quoteFrame,
  source: messageSource,
  photo: directoryPhoto,
  picture: contactPicture,
  vcard: contactCard,
  'contacts-file': contactsFile,
})
