import { join } from 'node:path'
import type { LabSite } from '../lab/lab-layout.ts'
import type { Site } from '../site.ts'

/** What a lab says of itself when it is ready: addresses, people, what to try. */
export function labGreeting({
  sites,
  password,
  data,
  ms,
}: {
  sites: Partial<Record<LabSite, Site>>
  password: string
  data: string
  ms: number
}): string {
  const { onprem, online, auth } = sites
  return [
    `\nIsthmus lab: ${Object.keys(sites).length === 3 ? 'Contoso on-premises and online' : Object.keys(sites).join(', ')} is ready after ${ms} ms.`,
    ...(onprem
      ? [mailSite('On-premises, contoso.com', onprem, 'mary, rob, ann, administrator (may impersonate and administer) @contoso.com')]
      : []),
    ...(online
      ? [
          mailSite(
            'Online, contoso.online.example and fabrikam.online.example',
            online,
            'joe@contoso.com (also joe@contoso.online.example), fay@fabrikam.online.example',
          ),
        ]
      : []),
    ...(auth ? [`  Auth service     ${auth.endpoints.base}  (federation metadata, WS-Trust, OAuth tokens)\n`] : []),
    `  Password         ${password}`,
    `  Trust these CAs  ${join(data, 'ca.pem')}`,
    ...(onprem ? [tryThis(onprem, password, data)] : []),
    'Stop with Ctrl-C; the data stays. --fresh starts anew.',
    '',
  ].join('\n')
}

function mailSite(title: string, { endpoints, ports }: Site, people: string): string {
  return `
${title}
  In the browser   ${endpoints.base}/owa  (administrators: ${endpoints.base}/ecp)
  EWS              ${endpoints.ews}
  Autodiscover     ${endpoints.base}/autodiscover/autodiscover.xml
  SMTP             port ${ports.smtp ?? 'none'} (from other servers), ${ports.submission ?? 'none'} (submission: STARTTLS, signed in)
  Metrics          ${endpoints.base}/metrics  /healthz  /readyz
${ports.http ? `  Plain HTTP       http://127.0.0.1:${ports.http}\n` : ''}  People           ${people}
`
}

function tryThis({ endpoints }: Site, password: string, data: string): string {
  return `  Shared           sales@contoso.com (mary and rob); rooms room1, room2; room list rooms; group staff

Try
  curl --cacert ${join(data, 'ca.pem')} -u mary@contoso.com:'${password}' ${endpoints.base}/autodiscover/autodiscover.xml
  Thunderbird, Evolution, DavMail, exchangelib: the EWS address above, user mary@contoso.com
  isthmus trace freebusy --from mary@contoso.com --to joe@contoso.online.example
  isthmus shell -c "Get-IntraOrganizationConnector"
`
}
