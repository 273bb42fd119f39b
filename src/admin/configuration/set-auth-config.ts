import { Refusal, type Instant } from '#model'
import { cmdlet, type CmdletContext } from '../registry/cmdlet.ts'
import * as take from '../registry/parameter.ts'
import { ringThumbprint } from '../certificates/ring-thumbprint.ts'

const notice = 48 * 3_600_000

/**
 * The certificate that signs server-to-server tokens, and its change: `-NewCertificateThumbprint` with its date stages the next one,
 * `-PublishCertificate` makes it the current one and the current the previous, `-ClearPreviousCertificate` forgets that
 * (Set-AuthConfig; FBERR: less than 48 hours is a short notice for the other side).
 */
export const setAuthConfig = cmdlet('Set-AuthConfig', {
  summary: 'Changes the authorization configuration: the certificates of server-to-server tokens, their rollover, realm and service name.',
  roles: ['Organization Client Access'],
  parameters: {
    CertificateThumbprint: take.optional(take.string()),
    NewCertificateThumbprint: take.optional(take.string()),
    NewCertificateEffectiveDate: take.optional(take.instant()),
    PublishCertificate: take.optional(take.switched()),
    ClearPreviousCertificate: take.optional(take.switched()),
    SkipImmediateCertificateDeployment: take.optional(take.switched()),
    Realm: take.optional(take.nullable(take.string())),
    ServiceName: take.optional(take.nullable(take.string())),
    Server: take.optional(take.string()),
    Force: take.optional(take.switched()),
  },
  async run(args, context) {
    const given = groups.filter((names) => names.some((name) => args[name] !== undefined && args[name] !== false))
    if (given.length > 1) {
      const both = given.map((names) => names.map((name) => `-${name}`).join(', ')).join(' and ')
      throw refused(`${both} cannot be used together`)
    }
    const current = args.CertificateThumbprint && (await ringThumbprint(context, args.CertificateThumbprint, '-CertificateThumbprint'))
    const next = await staged(args, context)
    await context.configuration.update(context.organisation, 'AuthConfig', undefined, (before) => ({
      ...(args.Realm === undefined ? {} : { Realm: args.Realm }),
      ...(args.ServiceName === undefined ? {} : { ServiceName: args.ServiceName }),
      ...(current ? replacing(before.CurrentCertificateThumbprint, current) : {}),
      ...next,
      ...(args.PublishCertificate ? published(before) : {}),
      ...(args.ClearPreviousCertificate ? { PreviousCertificateThumbprint: null } : {}),
    }))
  },
})

/** The parameter sets of the page: names of different rows exclude each other. */
const groups = [
  ['CertificateThumbprint'],
  ['NewCertificateThumbprint', 'NewCertificateEffectiveDate'],
  ['PublishCertificate', 'ClearPreviousCertificate'],
  ['Realm', 'ServiceName'],
] as const

interface Certificates {
  CurrentCertificateThumbprint: string
  NextCertificateThumbprint: string
}

function replacing(before: string, current: string) {
  return before === current ? {} : { CurrentCertificateThumbprint: current, PreviousCertificateThumbprint: before || null }
}

function published({ CurrentCertificateThumbprint, NextCertificateThumbprint }: Certificates) {
  if (!NextCertificateThumbprint) throw refused('-PublishCertificate needs a next certificate: give one with -NewCertificateThumbprint')
  return {
    ...replacing(CurrentCertificateThumbprint, NextCertificateThumbprint),
    NextCertificateThumbprint: null,
    NextCertificateEffectiveDate: null,
  }
}

async function staged(
  { NewCertificateThumbprint: thumbprint, NewCertificateEffectiveDate: date, Force }: Staging,
  context: CmdletContext,
): Promise<{ NextCertificateThumbprint?: string; NextCertificateEffectiveDate?: Instant }> {
  if (thumbprint === undefined && date === undefined) return {}
  if (date === undefined) throw refused('-NewCertificateThumbprint needs -NewCertificateEffectiveDate')
  if (thumbprint === undefined) {
    const { NextCertificateThumbprint } = await context.configuration.get(context.organisation, 'AuthConfig')
    if (!NextCertificateThumbprint) throw refused('-NewCertificateEffectiveDate needs -NewCertificateThumbprint')
  }
  const next =
    thumbprint === undefined ? {} : { NextCertificateThumbprint: await ringThumbprint(context, thumbprint, '-NewCertificateThumbprint') }
  if (date < context.clock() + notice && !Force) {
    context.warn('The certificate becomes effective in less than 48 hours: the other side may not know it by then.')
  }
  return { ...next, NextCertificateEffectiveDate: date }
}

interface Staging {
  NewCertificateThumbprint?: string
  NewCertificateEffectiveDate?: Instant
  Force?: boolean
}

function refused(what: string): Refusal {
  return new Refusal('InvalidParameter', `Set-AuthConfig: ${what}.`, { cmdlet: 'Set-AuthConfig' })
}
