import { findFolders } from './find-folders.ts'
import { findMessages } from './find-messages.ts'
import { message } from './message.ts'

export const mailVerbs = { findFolders, findMessages, message }
