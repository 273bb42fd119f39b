/** Declarations of XML Schema, as short as they can be said. */
export const element = (name: string, type: string, more = ''): string => `<xs:element name="${name}" type="${type}" ${more}/>`
export const maybe = (name: string, type: string): string => element(name, type, 'minOccurs="0"')
export const sequence = (...of: string[]): string => `<xs:sequence>${of.join('')}</xs:sequence>`
export const type = (name: string, ...of: string[]): string => `<xs:complexType name="${name}">${sequence(...of)}</xs:complexType>`
export const arrayOf = (name: string, item: string, of: string): string =>
  type(name, element(item, of, 'minOccurs="0" maxOccurs="unbounded"'))
export const words = (name: string, ...of: string[]): string =>
  `<xs:simpleType name="${name}"><xs:restriction base="xs:string">` +
  `${of.map((word) => `<xs:enumeration value="${word}"/>`).join('')}</xs:restriction></xs:simpleType>`
export const listOf = (name: string, of: string): string => `<xs:simpleType name="${name}"><xs:list itemType="${of}"/></xs:simpleType>`
/** Whatever may stand there. */
export const any = '<xs:any minOccurs="0" maxOccurs="unbounded" processContents="skip"/>'

export const message = (name: string, ...of: string[]): string =>
  `<xs:complexType name="${name}"><xs:complexContent><xs:extension base="m:ResponseMessageType">${sequence(...of)}` +
  '</xs:extension></xs:complexContent></xs:complexType>'
export const inline = (name: string, ...of: string[]): string =>
  `<xs:element name="${name}"><xs:complexType>${sequence(...of)}</xs:complexType></xs:element>`
export const refTo = (name: string, more = ''): string => `<xs:element ref="t:${name}" ${more}/>`
export const answer = (name: string, ...of: string[]): string => message(`${name}Type`, ...of) + element(name, `m:${name}Type`)
