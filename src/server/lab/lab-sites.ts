import { join } from 'node:path'
import type { HybridPlan } from '#hybrid'
import { serviceCertificateFile } from '../auth-service.ts'
import { readConfig, type SiteConfig, type SiteConfigInput } from '../config.ts'
import { StartProblem } from '../start-problem.ts'
import { folderOf, labSites, type LabSite } from './lab-layout.ts'

/** The names by which the lab's sites reach each other; its zone says where they lead. */
export const labHosts = {
  onprem: ['mail.contoso.com', 'autodiscover.contoso.com'],
  online: ['outlook.online.example', 'autodiscover.contoso.online.example', 'autodiscover.fabrikam.online.example'],
  auth: ['login.online.example'],
} as const satisfies Record<LabSite, readonly string[]>

export interface LabAt {
  /** The lab's folder; each site has one of its own below. */
  data: string
  host: string
  /** First of the ports; absent = the usual ones, 0 = any that are free. */
  portBase?: number
  insecureHttp: boolean
  allowUnsupported?: boolean
  logLevel: SiteConfig['log']['level']
}

/** The wizard's answers for the lab. */
export const labPlan: HybridPlan = {
  domains: ['contoso.com'],
  onlineDomain: 'contoso.online.example',
  authService: 'https://login.online.example',
  onPremises: { url: 'https://mail.contoso.com', autodiscover: 'https://autodiscover.contoso.com' },
  online: { url: 'https://outlook.online.example' },
  features: ['FreeBusy', 'MailTips', 'SecureMail'],
  federation: true,
  oauth: true,
}

/** The configurations of the lab's three sites. */
export function labConfigs(at: LabAt): Record<LabSite, SiteConfig> {
  const { data, host, portBase, insecureHttp, logLevel, allowUnsupported = false } = at
  const listener = (index: number, usual: number) => ({ host, port: portBase === undefined ? usual : portBase && portBase + index })
  const shared = (site: LabSite) => ({
    data: folderOf(data, site),
    allowUnsupported,
    log: { level: logLevel, file: join(folderOf(data, site), 'isthmus.log') },
    partners: {
      ca: labSites.map((one) => join(folderOf(data, one), 'ca.pem')),
      allow: Object.values(labHosts).flat(),
    },
    partnerUrl: `https://${labHosts[site][0]}`,
  })
  return {
    onprem: read({
      ...shared('onprem'),
      organisation: { name: 'Contoso', domain: 'contoso.com' },
      listeners: {
        https: listener(0, 8443),
        smtp: listener(1, 2525),
        submission: listener(2, 2587),
        ...(insecureHttp ? { http: { ...listener(3, 8080), host: '127.0.0.1' } } : {}),
      },
      insecureHttp,
    }),
    online: read({
      ...shared('online'),
      organisation: { name: 'Contoso Online', domain: 'contoso.online.example', domains: ['contoso.com'] },
      organisations: [{ name: 'Fabrikam', domain: 'fabrikam.online.example' }],
      onlineService: true,
      listeners: { https: listener(4, 9443), smtp: listener(5, 3525), submission: listener(6, 3587) },
    }),
    auth: read({
      ...shared('auth'),
      organisation: { name: 'Auth Service', domain: 'login.online.example' },
      roles: ['authService'],
      authService: {
        onlineService: {
          certificates: [join(folderOf(data, 'online'), serviceCertificateFile)],
          resources: [`https://${labHosts.online[0]}/`],
        },
      },
      listeners: { https: listener(7, 7443) },
    }),
  }
}

function read(input: SiteConfigInput): SiteConfig {
  const result = readConfig(input)
  if ('config' in result) return result.config
  const problems = result.problems.map(({ path, message }) => `${path}: ${message}`).join('; ')
  throw new StartProblem(problems, 'Change the options and start again.')
}
