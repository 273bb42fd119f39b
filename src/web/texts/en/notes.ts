export const notes = {
  cancel: 'Cancel',
  changed: 'Changed {{when}}',
  delete: 'Delete',
  empty: 'You have no notes.',
  newNote: 'New note',
  save: 'Save',
  text: 'Text of the note',
  title: 'Notes',
}
