/** Schema of the messages that the public EWS schema files leave out, a file for each document. To stand at the end of the types and of the messages schema. */
import * as archive from './archive.ts'
import * as availability from './availability.ts'
import * as discovery from './discovery.ts'
import * as folderPath from './folder-path.ts'
import * as im from './im.ts'
import * as rules from './rules.ts'
import * as tracking from './tracking.ts'
import { any, sequence } from './xsd.ts'

const documents = [availability, rules, archive, folderPath, discovery, im, tracking]
const anyContent = `<xs:complexType name="AnyContent">${sequence(any)}<xs:anyAttribute processContents="skip"/></xs:complexType>`

export const typesSupplement = [anyContent, ...documents.flatMap(({ types }) => types)].join('')
export const messagesSupplement = documents.flatMap(({ messages }) => messages).join('')
