import { Refusal, type EmailAddress } from '#model'

/** [MS-OXWSMTRK] 3.1.4.2.4.4: one site is all there is, whichever is asked for. Another word → InvalidArgument. */
export function checkScope(scope: string): void {
  if (!['Site', 'Forest', 'Organization'].includes(scope)) {
    throw new Refusal('InvalidArgument', `Scope: expected Organization|Forest|Site, not '${scope.slice(0, 80)}'`)
  }
}

/** A mail address as it stands in a report. */
export const smtpPerson = (address: string): EmailAddress => ({ address, routingType: 'SMTP' })
