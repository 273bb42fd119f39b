import { childNamed, elementsOf, textOf, type XmlElement } from '#wire'
import { element, write, type Markup } from './markup.ts'
import { namespaces, type Prefix } from './names.ts'
import { is, type StrictDocument } from './strict.ts'

export interface FaultFields {
  /** Local name of the fault code: `Sender`, `Client`, `InvalidSecurity`. */
  faultcode: string
  /** Local name of the SOAP 1.2 subcode, or of the code in the detail: `FailedAuthentication`. */
  subcode: string | undefined
  reason: string
  /** The detail as one line: texts and numbers of its elements. */
  detail: string | undefined
}

/** The far side answered with a SOAP fault. Not a Refusal: a lookup turns it into a row of its trace. */
export class TokenFault extends Error implements FaultFields {
  readonly faultcode: string
  readonly subcode: string | undefined
  readonly reason: string
  readonly detail: string | undefined

  constructor({ faultcode, subcode, reason, detail }: FaultFields) {
    super(`${subcode ?? faultcode}: ${reason}`)
    this.name = 'TokenFault'
    this.faultcode = faultcode
    this.subcode = subcode
    this.reason = reason
    this.detail = detail
  }
}

const most = 500

/** Throws TokenFault when the document is an envelope with a fault, of SOAP 1.1 or 1.2. */
export function readFault({ root }: StrictDocument): void {
  const soap12 = is(root, 's12', 'Envelope')
  const body = childNamed(root, 'Body', root.namespace)
  const fault = body && childNamed(body, 'Fault', root.namespace)
  if (!fault) return
  const path = (...names: string[]) => names.reduce<XmlElement | undefined>((node, name) => node && childNamed(node, name), fault)
  const text = (node: XmlElement | undefined) => (node ? textOf(node).trim().slice(0, most) : undefined)
  const local = (node: XmlElement | undefined) => text(node)?.replace(/^.*:/, '')
  const detail = path(soap12 ? 'Detail' : 'detail')
  throw new TokenFault({
    faultcode: local(soap12 ? path('Code', 'Value') : path('faultcode')) ?? 'Fault',
    subcode: soap12 ? local(path('Code', 'Subcode', 'Value')) : undefined,
    reason: text(soap12 ? path('Reason', 'Text') : path('faultstring')) ?? '',
    detail: detail && textsOf(detail).join(' ').slice(0, most),
  })
}

function textsOf(node: XmlElement): string[] {
  const own = textOf(node).trim()
  return [...(own ? [own] : []), ...elementsOf(node).flatMap(textsOf)]
}

/** A SOAP 1.1 fault; `code` carries its prefix. */
export function fault11(code: string, text: string, ...detail: Markup[]): string {
  const prefix = code.split(':')[0] as Prefix
  if (!(prefix in namespaces)) throw new Error(`the fault code ${code} has no known prefix`)
  return write(
    element(
      'soap:Envelope',
      {},
      element(
        'soap:Body',
        {},
        element(
          'soap:Fault',
          {},
          { ...element('faultcode', {}, code), declare: [prefix] },
          element('faultstring', {}, text),
          ...(detail.length ? [element('detail', {}, ...detail)] : []),
        ),
      ),
    ),
  )
}

/** A SOAP 1.2 fault of the sender's; `subcode` carries its prefix. */
export function fault12(subcode: string, text: string, ...detail: Markup[]): string {
  const value = (code: string): Markup => ({ ...element('s12:Value', {}, code), declare: [code.split(':')[0] as Prefix] })
  return write(
    element(
      's12:Envelope',
      {},
      element(
        's12:Body',
        {},
        element(
          's12:Fault',
          {},
          element('s12:Code', {}, value('s12:Sender'), element('s12:Subcode', {}, value(subcode))),
          element('s12:Reason', {}, { tag: 's12:Text', attributes: { 'xml:lang': 'en-US' }, children: [text] }),
          ...(detail.length ? [element('s12:Detail', {}, ...detail)] : []),
        ),
      ),
    ),
  )
}
