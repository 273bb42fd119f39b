import { childNamed, elementsOf, readXml, textOf, type XmlElement } from '#wire'
import { Refusal } from '#model'

/** A fault that another server answered with: its code and text as they came. */
export class SoapFault extends Error {
  readonly code: string
  constructor(code: string, text: string) {
    super(text)
    this.name = 'SoapFault'
    this.code = code
  }
}

const limits = { size: 8 * 1024 * 1024, depth: 100, nodes: 200_000 }

/** The one element in the body of another server's SOAP answer. A fault → SoapFault; what is no SOAP → the reader's refusal. */
export function soapBody(bytes: Uint8Array): XmlElement {
  const root = readXml(bytes, limits)
  const body = root.name === 'Envelope' ? childNamed(root, 'Body') : undefined
  const [answer] = body ? elementsOf(body) : []
  if (!answer) throw new Refusal('InvalidRequest', `The answer is no SOAP envelope but <${root.name.slice(0, 40)}>.`)
  if (answer.name !== 'Fault') return answer
  const text = (...path: string[]) => {
    let at: XmlElement | undefined = answer
    for (const name of path) at = at && childNamed(at, name)
    return at ? textOf(at).trim() : ''
  }
  const detail = text('detail', 'ResponseCode')
  throw new SoapFault(
    detail || text('faultcode') || text('Code', 'Subcode', 'Value') || text('Code', 'Value'),
    (text('faultstring') || text('Reason', 'Text')).slice(0, 2000),
  )
}
