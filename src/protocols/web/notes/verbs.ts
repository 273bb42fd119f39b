import { removed } from '../removed.ts'
import { findNotes } from './find-notes.ts'
import { saveNote } from './save-note.ts'

export const noteVerbs = { findNotes, removeNote: removed, saveNote }
