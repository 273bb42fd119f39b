// table
/** Namespaces by the prefix we write them with. */
export const namespaces = {
  auth: 'http://schemas.xmlsoap.org/ws/2006/12/authorization',
  ds: 'http://www.w3.org/2000/09/xmldsig#',
  fed: 'http://docs.oasis-open.org/wsfed/federation/200706',
  md: 'urn:oasis:names:tc:SAML:2.0:metadata',
  md2: 'http://domains.live.com/Service/ManageDelegation2/V1.0',
  psf: 'http://schemas.microsoft.com/Passport/SoapServices/SOAPFault',
  s12: 'http://www.w3.org/2003/05/soap-envelope',
  saml: 'urn:oasis:names:tc:SAML:1.0:assertion',
  soap: 'http://schemas.xmlsoap.org/soap/envelope/',
  wsa: 'http://www.w3.org/2005/08/addressing',
  wsp: 'http://schemas.xmlsoap.org/ws/2004/09/policy',
  wsse: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd',
  wst: 'http://schemas.xmlsoap.org/ws/2005/02/trust',
  wsu: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd',
  xenc: 'http://www.w3.org/2001/04/xmlenc#',
  xenc11: 'http://www.w3.org/2009/xmlenc11#',
  xsi: 'http://www.w3.org/2001/XMLSchema-instance',
} as const

export type Prefix = keyof typeof namespaces

export const exclusiveC14n = 'http://www.w3.org/2001/10/xml-exc-c14n#'
export const enveloped = `${namespaces.ds}enveloped-signature`
const more = 'http://www.w3.org/2001/04/xmldsig-more#'

/** What a peer is spoken to with: `legacy` for those learnt from the Microsoft Federation Gateway, `sha256` between two Isthmus. */
export type Algorithms = 'sha256' | 'legacy'

/** The algorithms of each set, as written; on reading those of both are taken. */
export const algorithmSets = {
  sha256: {
    hash: 'sha256',
    digest: `${namespaces.xenc}sha256`,
    rsa: `${more}rsa-sha256`,
    hmac: `${more}hmac-sha256`,
    content: `${namespaces.xenc11}aes256-gcm`,
  },
  legacy: {
    hash: 'sha1',
    digest: `${namespaces.ds}sha1`,
    rsa: `${namespaces.ds}rsa-sha1`,
    hmac: `${namespaces.ds}hmac-sha1`,
    content: `${namespaces.xenc}aes256-cbc`,
  },
} as const satisfies Record<Algorithms, object>

/** Content ciphers we open ([XML Encryption 1.1] 5.2). */
export const contentCiphers: Readonly<Record<string, { cipher: string; key: number; iv: number; gcm: boolean }>> = {
  [`${namespaces.xenc}aes128-cbc`]: { cipher: 'aes-128-cbc', key: 16, iv: 16, gcm: false },
  [`${namespaces.xenc}aes192-cbc`]: { cipher: 'aes-192-cbc', key: 24, iv: 16, gcm: false },
  [`${namespaces.xenc}aes256-cbc`]: { cipher: 'aes-256-cbc', key: 32, iv: 16, gcm: false },
  [`${namespaces.xenc11}aes128-gcm`]: { cipher: 'aes-128-gcm', key: 16, iv: 12, gcm: true },
  [`${namespaces.xenc11}aes192-gcm`]: { cipher: 'aes-192-gcm', key: 24, iv: 12, gcm: true },
  [`${namespaces.xenc11}aes256-gcm`]: { cipher: 'aes-256-gcm', key: 32, iv: 12, gcm: true },
}

/** Key transport; rsa-1_5 is not among them. */
export const oaepMgf1p = `${namespaces.xenc}rsa-oaep-mgf1p`
export const oaep = `${namespaces.xenc11}rsa-oaep`

const x509Profile = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0'
export const valueTypes = {
  subjectKeyIdentifier: `${x509Profile}#X509SubjectKeyIdentifier`,
  certificate: `${x509Profile}#X509v3`,
  thumbprint: 'http://docs.oasis-open.org/wss/oasis-wss-soap-message-security-1.1#ThumbprintSHA1',
  assertion: 'http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.0#SAMLAssertionID',
} as const
export const base64Encoding = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary'

export const anonymous = `${namespaces.wsa}/anonymous`
export const issueAction = `${namespaces.wst}/RST/Issue`
export const issueResponseAction = `${namespaces.wst}/RSTR/Issue`
export const tokenType = 'http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV1.1'
export const actionClaim = `${namespaces.auth}/claims/action`
export const requestorContext = { Scope: `${namespaces.auth}/ctx/requestor`, Name: 'http://schemas.microsoft.com/wlid/requestor' } as const

export const confirmations = {
  senderVouches: 'urn:oasis:names:tc:SAML:1.0:cm:sender-vouches',
  holderOfKey: 'urn:oasis:names:tc:SAML:1.0:cm:holder-of-key',
} as const
export const nameFormats = {
  upn: 'http://schemas.xmlsoap.org/claims/UPN',
  email: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
  opaque: 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
} as const
/** Attributes of assertions: names and namespaces as we write them. On reading the name alone counts. */
export const attributeNames = {
  EmailAddress: 'http://schemas.xmlsoap.org/claims',
  EmailAddresses: 'http://schemas.xmlsoap.org/claims',
  action: `${namespaces.auth}/claims`,
  RequestorDomain: 'http://schemas.microsoft.com/LiveID/Federation/2008/05',
  ImmutableID: 'http://schemas.microsoft.com/LiveID/Federation/2008/05',
} as const

/** The purpose of every token for Autodiscover, free/busy and MailTips (source R3, hybrid reference 3.3). */
export const freeBusyAction = 'MSExchange.SharingCalendarFreeBusy'

/** The purpose of a token that carries an invitation to a folder, and of one that reads a folder that is shared ([MS-OXWSMSHR] 3.1.4.2, 3.1.4.3). */
export const invitationAction = 'MSExchange.SharingInviteMessage'
export const sharedReadAction = 'MSExchange.SharingRead'

/** How far clocks may be apart, and how long a message lives. */
export const skew = 5 * 60_000
