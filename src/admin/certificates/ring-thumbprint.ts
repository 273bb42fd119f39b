import { Refusal } from '#model'
import type { CmdletContext } from '../registry/cmdlet.ts'

/** The thumbprint of a certificate of the organisation's ring, as the ring writes it. Not there → InvalidParameter naming the parameter. */
export async function ringThumbprint({ organisation, keyRing }: CmdletContext, written: string, parameter: string): Promise<string> {
  const wanted = written.replaceAll(/[^0-9a-z]/gi, '').toUpperCase()
  const found = (await keyRing.list(organisation)).find(({ thumbprint }) => thumbprint === wanted)
  if (found) return found.thumbprint
  throw new Refusal(
    'InvalidParameter',
    `${parameter}: there is no certificate ${written.slice(0, 60)} here (Get-ExchangeCertificate lists them).`,
    {
      parameter: parameter.slice(1),
    },
  )
}
