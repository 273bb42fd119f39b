import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { XmlBufferInputProvider, XmlDocument, XmlElement, XmlLibError, XsdValidator, xmlRegisterInputProvider } from 'libxml2-wasm'
import { messagesSupplement, typesSupplement } from './ews-supplement/index.ts'

const folder = join(import.meta.dirname, '../../../shared/data/xsd/ews')

/** False where the schema files are not at hand; then everything is taken for valid. */
export const ewsSchemaPresent = existsSync(join(folder, 'messages.xsd'))

let validator: XsdValidator | undefined

function schema(): XsdValidator {
  if (validator) return validator
  const read = (name: string, supplement: string): Uint8Array =>
    Buffer.from(repaired(readFileSync(join(folder, name), 'utf8')).replace('</xs:schema>', `${supplement}</xs:schema>`))
  const files = {
    'ews/xml.xsd': readFileSync(join(folder, 'xml.xsd')),
    'ews/types.xsd': read('types.xsd', typesSupplement),
    'ews/messages.xsd': read('messages.xsd', messagesSupplement),
  }
  xmlRegisterInputProvider(new XmlBufferInputProvider(files))
  using document = XmlDocument.fromBuffer(files['ews/messages.xsd'], { url: 'ews/messages.xsd' })
  validator = XsdValidator.fromDoc(document)
  return validator
}

/** [MS-OXWSUSRCFG] 3.1.4.3.3.3 and every client want response messages here; the file has the bare message. */
function repaired(schemaText: string): string {
  return schemaText.replace(
    '<xs:element name="GetUserConfigurationResponse" type="m:GetUserConfigurationResponseMessageType"/>',
    '<xs:element name="GetUserConfigurationResponse" type="m:BaseResponseMessageType"/>',
  )
}

/**
 * What is wrong with the one child of a SOAP envelope's body by the EWS schema; empty = valid. A fault has no schema and is
 * taken as it is; text that is not XML is one violation. Takes a bare element (not an envelope) too.
 */
export function validateEws(xml: string): string[] {
  if (!ewsSchemaPresent) return []
  try {
    using document = XmlDocument.fromString(xml)
    const root = document.root
    if (root.name !== 'Envelope') return violations(root)
    const body = children(root).find(({ name }) => name === 'Body')
    const [operation, second] = body ? children(body) : []
    if (!operation || second) return ['the body holds not exactly one element']
    return operation.name === 'Fault' ? [] : violations(operation)
  } catch (error) {
    if (error instanceof XmlLibError) return [error.message]
    throw error
  }
}

function children(element: XmlElement): XmlElement[] {
  const found: XmlElement[] = []
  for (let node = element.firstChild; node; node = node.next) if (node instanceof XmlElement) found.push(node)
  return found
}

function violations(element: XmlElement): string[] {
  try {
    schema().validate(element)
    return []
  } catch (error) {
    if (!(error instanceof XmlLibError)) throw error
    return error.details.map(({ message, line }) => `${message.trim()} (line ${line})`)
  }
}
