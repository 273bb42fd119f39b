import { events } from './events.ts'
import { attachmentFile } from './mail/attachment-file.ts'
import { messageFrame } from './mail/message-frame.ts'
import { contactCard, contactPicture, directoryPhoto } from './people/pictures.ts'
import type { Resource } from './resource.ts'

/** What a browser fetches by its address, by the first part of the path behind `/owa/`. */
export const resources: Readonly<Record<string, Resource>> = {
  attachment: attachmentFile,
  events,
  frame: messageFrame,
  photo: directoryPhoto,
  picture: contactPicture,
  vcard: contactCard,
}
