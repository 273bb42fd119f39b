/** Choosing a mechanism (RFC 4178), and the frame of GSS-API around Kerberos (RFC 2743 3.1, RFC 4121 4.1). */
import { derElements } from '#trust'
import { application, contentOf, context, der, fieldsOf, octetsOf, tags, unreadable } from './der.ts'

const spnego = Buffer.from('2b0601050502', 'hex')
const kerberos = Buffer.from('2a864886f712010202', 'hex')
/** The same with Microsoft's old misprint in its number; clients of Windows name it first. */
const kerberosOfWindows = Buffer.from('2a864882f712010202', 'hex')
const isKerberos = (oid: Buffer): boolean => oid.equals(kerberos) || oid.equals(kerberosOfWindows)

const apReqMark = Buffer.from([1, 0])
const apRepMark = Buffer.from([2, 0])

export interface Opened {
  /** The AP-REQ. */
  message: Buffer
  /** The token that answers, around an AP-REP where there is one; may be empty. */
  answer(apRep: Buffer | undefined): Buffer
}

/** The AP-REQ in a client's first token: in SPNEGO with Kerberos as the first choice, or by itself. */
export function openToken(token: Buffer): Opened {
  const [oid, inner] = framed(token)
  if (!oid.equals(spnego)) return { message: messageIn(token), answer: (apRep) => (apRep ? frame(apRep) : Buffer.alloc(0)) }
  const init = fieldsOf(contentOf(inner, context(0), 'NegTokenInit'), 'NegTokenInit')
  const [first] = derElements(contentOf(init.get(0), tags.sequence, 'the list of mechanisms'))
  // Another first choice would ask for a further leg with a code over the list (RFC 4178 5): such clients fall back to another scheme.
  if (first?.tag !== tags.oid || !isKerberos(first.content)) throw unreadable('Kerberos is not the first choice of the client')
  const chosen = first.content
  return {
    message: messageIn(octetsOf(init.get(2), 'mechToken')),
    answer: (apRep) =>
      der(
        context(1),
        der(
          tags.sequence,
          // accept-completed
          der(context(0), der(tags.enumerated, Buffer.from([0]))),
          der(context(1), der(tags.oid, chosen)),
          ...(apRep ? [der(context(2), der(tags.octets, frame(apRep)))] : []),
        ),
      ),
  }
}

/** The object identifier of a token, and what follows it. */
function framed(token: Buffer): [Buffer, Buffer] {
  const content = contentOf(token, application(0), 'the token')
  const oid = contentOf(content, tags.oid, 'its mechanism')
  return [oid, content.subarray(2 + oid.length)]
}

function messageIn(token: Buffer): Buffer {
  const [oid, inner] = framed(token)
  if (!isKerberos(oid) || !inner.subarray(0, 2).equals(apReqMark)) throw unreadable('it holds no AP-REQ')
  return inner.subarray(2)
}

const frame = (apRep: Buffer): Buffer => der(application(0), der(tags.oid, kerberos), apRepMark, apRep)
