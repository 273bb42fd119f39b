import { X509Certificate } from 'node:crypto'
import type { RingCertificate } from '#trust'
import { Refusal } from '#model'
import { cmdlet, type CmdletContext } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { ringThumbprint } from './ring-thumbprint.ts'

const services = ['None', 'Federation', 'ServerToServer', 'SMTP', 'IIS'] as const

/** Certificates of the organisation's ring, without their keys (Get-ExchangeCertificate). */
export const getExchangeCertificate = cmdlet('Get-ExchangeCertificate', {
  summary: 'Lists the certificates of the organisation, or shows the one with this thumbprint.',
  roles: ['Exchange Server Certificates', 'View-Only Configuration'],
  parameters: {
    Thumbprint: take.optional(take.string(), { position: 0 }),
    Identity: take.optional(take.string()),
  },
  returns: 'ExchangeCertificate',
  async run({ Thumbprint, Identity }, context) {
    const wanted = Thumbprint ?? Identity
    const all = await context.keyRing.list(context.organisation)
    const one = wanted === undefined ? undefined : await ringThumbprint(context, wanted, '-Thumbprint')
    return all
      .filter(({ thumbprint }) => one === undefined || thumbprint === one)
      .map((certificate) => shownCertificate(certificate, context))
  },
})

/** A self-signed certificate in the ring: RSA 2048, with what federation and server-to-server tokens need (New-ExchangeCertificate). */
export const newExchangeCertificate = cmdlet('New-ExchangeCertificate', {
  summary: 'Makes a self-signed certificate for federation, server-to-server tokens or mail.',
  roles: ['Exchange Server Certificates'],
  parameters: {
    SubjectName: take.mandatory(take.string()),
    Services: take.optional(take.list(take.oneOf(services)), { fallback: ['None'] }),
    PrivateKeyExportable: take.optional(take.boolean()),
    KeySize: take.optional(take.number()),
    FriendlyName: take.optional(take.string()),
    DomainName: take.optional(take.list(take.string())),
    Force: take.optional(take.switched()),
  },
  returns: 'ExchangeCertificate',
  async run({ SubjectName, Services = [], KeySize = 2048, DomainName = [] }, context) {
    const subject = SubjectName.trim().replace(/^cn\s*=\s*/i, '')
    if (!/^[^,+"\\<>;=\p{Cc}]{1,64}$/u.test(subject)) throw refused('SubjectName', 'a common name (CN=…) of at most 64 characters')
    if (KeySize !== 2048) throw refused('KeySize', '2048')
    if (DomainName.length > 0)
      context.warn('The names of -DomainName are not part of the certificate: it signs tokens, it is not for servers.')
    const made = await context.keyRing.make(context.organisation, { subject, services: Services.filter((service) => service !== 'None') })
    return shownCertificate(made, context)
  },
})

function shownCertificate(
  { thumbprint, subject, notBefore, notAfter, services: uses, certificate }: RingCertificate,
  { clock }: CmdletContext,
) {
  const now = clock()
  return {
    Identity: thumbprint,
    Thumbprint: thumbprint,
    Subject: subject,
    NotBefore: new Date(notBefore),
    NotAfter: new Date(notAfter),
    Services: uses.length > 0 ? uses : ['None'],
    HasPrivateKey: true,
    /** The certificate itself, without its key: base64 of DER. */
    RawData: new X509Certificate(certificate).raw.toString('base64'),
    Status: now < notBefore || now > notAfter ? 'DateInvalid' : 'Valid',
  }
}

function refused(parameter: string, expected: string): Refusal {
  return new Refusal('InvalidParameter', `-${parameter} of New-ExchangeCertificate must be ${expected}.`, { parameter })
}
