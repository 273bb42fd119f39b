import type { RefusalCode } from '#model'
import { LookupFailure } from '../failure.ts'
import { RemoteFailure, type RemoteFailureCause } from './http.ts'

/** What to do about each way of getting no answer. */
export const noAnswerRemedies: Readonly<Record<RemoteFailureCause, string>> = {
  notAllowed: 'If the address is right, allow it in the site’s configuration.',
  name: 'Check the address that is configured, and the DNS.',
  connect: 'Check that the other side runs and that the firewalls let TCP 443 through.',
  tls: 'Check that the certificate there is current, carries the name, and is signed by an authority that is trusted here.',
  timeout: 'The other side or the network is slow; look at which step took the time.',
  tooLarge: 'Something else than the service answers there.',
  broken: 'Something else than the service answers there.',
}

/** For `catch`: no answer becomes the failure with the code of the step that got none; anything else stays. */
export function noAnswer(code: RefusalCode): (error: unknown) => never {
  return (error) => {
    throw error instanceof RemoteFailure ? new LookupFailure(code, error.message, noAnswerRemedies[error.cause]) : error
  }
}
