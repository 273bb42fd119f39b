import { type XmlElement } from '#wire'
import { refuseAt, type Codec } from '../kernel/index.ts'
import type { Restriction } from '#model'
import { RestrictionElement } from './restrictions.ts'

/** Properties of people that contacts can be searched and sorted by: FieldURI of the person to that of the contact ([MS-OXWSPERS] 2.2.4). */
export const personaUris: Readonly<Record<string, { uri: string; property: string }>> = {
  'persona:DisplayName': { uri: 'contacts:DisplayName', property: 'displayName' },
  'persona:DisplayNameFirstLast': { uri: 'contacts:DisplayName', property: 'displayName' },
  'persona:DisplayNameLastFirst': { uri: 'contacts:FileAs', property: 'fileAs' },
  'persona:FileAs': { uri: 'contacts:FileAs', property: 'fileAs' },
  'persona:GivenName': { uri: 'contacts:GivenName', property: 'givenName' },
  'persona:MiddleName': { uri: 'contacts:MiddleName', property: 'middleName' },
  'persona:Surname': { uri: 'contacts:Surname', property: 'surname' },
  'persona:Generation': { uri: 'contacts:Generation', property: 'generation' },
  'persona:Nickname': { uri: 'contacts:Nickname', property: 'nickname' },
  'persona:Title': { uri: 'contacts:JobTitle', property: 'jobTitle' },
  'persona:Department': { uri: 'contacts:Department', property: 'department' },
  'persona:CompanyName': { uri: 'contacts:CompanyName', property: 'companyName' },
  'persona:Location': { uri: 'contacts:OfficeLocation', property: 'officeLocation' },
  'persona:EmailAddress': { uri: 'contacts:EmailAddresses', property: 'emailAddresses' },
  'persona:EmailAddresses': { uri: 'contacts:EmailAddresses', property: 'emailAddresses' },
  'persona:CreationTime': { uri: 'item:DateTimeCreated', property: 'dateTimeCreated' },
}

const contactUris = new Map(Object.values(personaUris).map(({ uri }) => [uri, Object.entries(personaUris).find(([, to]) => to.uri === uri)?.[0]])) // prettier-ignore

function renamed(element: XmlElement, uriOf: (uri: string, element: XmlElement) => string): XmlElement {
  const { FieldURI } = element.attributes
  const attributes = FieldURI === undefined ? element.attributes : { ...element.attributes, FieldURI: uriOf(FieldURI, element) }
  return { ...element, attributes, children: element.children.map((child) => (typeof child === 'string' ? child : renamed(child, uriOf))) }
}

/** A restriction on people, as one on the contacts that they are. Refuses properties that contacts are not searched by. */
export const PersonaRestriction: Codec<Restriction> = {
  shape: { is: 'own', name: 'personaRestriction' },
  read: (element, context) =>
    RestrictionElement.read(
      renamed(element, (uri, at) => (uri.startsWith('persona:') ? (personaUris[uri]?.uri ?? refuseAt(at, `people cannot be searched by ${uri.slice(0, 80)}`)) : uri)), // prettier-ignore
      context,
    ),
  write: (tag, value, context) =>
    RestrictionElement.write(tag, value, context).replaceAll(
      /FieldURI="([^"]*)"/g,
      (_, uri: string) => `FieldURI="${contactUris.get(uri) ?? uri}"`,
    ),
}
