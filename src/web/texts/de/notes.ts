export const notes = {
  cancel: 'Abbrechen',
  changed: 'Geändert {{when}}',
  delete: 'Löschen',
  empty: 'Sie haben keine Notizen.',
  newNote: 'Neue Notiz',
  save: 'Speichern',
  text: 'Text der Notiz',
  title: 'Notizen',
}
