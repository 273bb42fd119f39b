/** Names of the default folders by language; what is not in a table is English. The root's children below `root` are never shown to people. */
const german: Readonly<Record<string, string>> = {
  msgfolderroot: 'Oberste Ebene des Informationsspeichers', inbox: 'Posteingang', drafts: 'Entwürfe', sentitems: 'Gesendete Elemente',
  deleteditems: 'Gelöschte Elemente', junkemail: 'Junk-E-Mail', outbox: 'Postausgang', archive: 'Archiv', calendar: 'Kalender',
  contacts: 'Kontakte', tasks: 'Aufgaben', notes: 'Notizen', journal: 'Journal', conversationhistory: 'Aufgezeichnete Unterhaltungen',
  syncissues: 'Synchronisierungsprobleme', conflicts: 'Konflikte', localfailures: 'Lokale Fehler', serverfailures: 'Serverfehler',
} // prettier-ignore
const french: Readonly<Record<string, string>> = {
  msgfolderroot: 'Haut de la banque d’informations', inbox: 'Boîte de réception', drafts: 'Brouillons', sentitems: 'Éléments envoyés',
  deleteditems: 'Éléments supprimés', junkemail: 'Courrier indésirable', outbox: 'Boîte d’envoi', archive: 'Archive', calendar: 'Calendrier',
  contacts: 'Contacts', tasks: 'Tâches', notes: 'Notes', journal: 'Journal', conversationhistory: 'Historique des conversations',
  syncissues: 'Problèmes de synchronisation', conflicts: 'Conflits', localfailures: 'Échecs locaux', serverfailures: 'Échecs du serveur',
} // prettier-ignore
const spanish: Readonly<Record<string, string>> = {
  msgfolderroot: 'Principio del almacén de información', inbox: 'Bandeja de entrada', drafts: 'Borradores', sentitems: 'Elementos enviados',
  deleteditems: 'Elementos eliminados', junkemail: 'Correo no deseado', outbox: 'Bandeja de salida', archive: 'Archivo', calendar: 'Calendario',
  contacts: 'Contactos', tasks: 'Tareas', notes: 'Notas', journal: 'Diario', conversationhistory: 'Historial de conversaciones',
  syncissues: 'Problemas de sincronización', conflicts: 'Conflictos', localfailures: 'Errores locales', serverfailures: 'Errores del servidor',
} // prettier-ignore

const languages: Readonly<Record<string, Readonly<Record<string, string>>>> = { de: german, fr: french, es: spanish }

/** The display name of a default folder in the language of a culture (`de-AT`), else the English one. */
export function defaultFolderName(kind: string, english: string, culture: string | undefined): string {
  const language = culture?.slice(0, 2).toLowerCase() ?? ''
  return languages[language]?.[kind] ?? english
}

/** True for a culture whose language has names for the default folders. */
export function hasFolderNames(culture: string): boolean {
  const language = culture.split('-')[0]!.toLowerCase()
  return language === 'en' || Object.hasOwn(languages, language)
}
