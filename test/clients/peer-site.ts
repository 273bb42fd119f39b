import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { startTestSite, testDomain, type TestSite } from '../support/site.ts'

/** What a real client is told about a site. */
export interface PeerSite {
  ews: string
  smtpPort: number
  submissionPort: number
  /** PEM of the CA to trust, and a file with it. This process trusts it from now on. */
  ca: string
  caFile: string
  password: string
  mary: string
  rob: string
  ann: string
  group: string
  roomList: string
  close(): Promise<void>
}

/** A whole site in this process for real clients, with its CA in a file and trusted by this process. `prepare` runs before anybody asks. */
export async function startPeerSite(
  options: Parameters<typeof startTestSite>[0] = {},
  prepare: (site: TestSite) => Promise<unknown> = async () => {},
): Promise<PeerSite> {
  const site = await startTestSite(options)
  await prepare(site)
  const folder = await mkdtemp(join(tmpdir(), 'isthmus-peer-'))
  const caFile = join(folder, 'ca.pem')
  await writeFile(caFile, site.ca)
  setDefaultCACertificates([...getCACertificates('default'), site.ca])
  const { smtp, submission } = site.ports
  if (!smtp || !submission) throw new Error('the site has no SMTP listeners')
  return {
    ews: site.ewsUrl,
    smtpPort: smtp,
    submissionPort: submission,
    ca: site.ca,
    caFile,
    password: site.password,
    mary: `mary@${testDomain}`,
    rob: `rob@${testDomain}`,
    ann: `ann@${testDomain}`,
    group: `staff@${testDomain}`,
    roomList: `rooms@${testDomain}`,
    close: async () => {
      await site.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
