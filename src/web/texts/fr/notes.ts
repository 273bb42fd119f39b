export const notes = {
  cancel: 'Annuler',
  changed: 'Modifiée {{when}}',
  delete: 'Supprimer',
  empty: 'Vous n’avez aucune note.',
  newNote: 'Nouvelle note',
  save: 'Enregistrer',
  text: 'Texte de la note',
  title: 'Notes',
}
