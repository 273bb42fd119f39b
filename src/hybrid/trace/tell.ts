import type { Branch, Hop, LookupTrace } from './trace.ts'

/** What the numbered steps of each generation are, in the source's words in short (source R4); a hop says what happened in it. */
const stepNames: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  OAuth: {
    2: 'The person is external: look for an IntraOrganizationConnector, by SMTP domain',
    3: 'Ask the discovery endpoint without a token; its challenge names the trusted issuer',
    4: 'Request an application token from the auth service',
    5: 'Autodiscover with that token, for the EWS endpoint',
    6: 'Another token, for the EWS endpoint as audience',
    7: 'Submit the question to EWS with that token',
    8: 'The other side checks the token: aud, iss, exp, signature',
    9: 'The other side checks that the person may see it: all calendar permissions count',
    10: 'The answer goes back to the client',
  },
  DAuth: {
    1: 'The person is external: look for the organisation relationship',
    2: 'Request an on-behalf-of token from the auth service',
    3: 'The auth service returns the token, encrypted to the other organisation',
    4: 'Autodiscover at /WSSecurity with that token inside the envelope',
    5: 'The other side checks the token and returns the EWS address',
    6: 'Submit the question to EWS at /WSSecurity with that token',
    7: 'The other side checks the token again',
    8: 'The other side checks the requester’s domain against its relationships; the Default permission alone counts',
    9: 'The other side answers, or not',
    10: 'The answer goes back to the client',
  },
}

const subjects: Readonly<Record<LookupTrace['what'], string>> = {
  freeBusy: 'free/busy',
  mailTips: 'MailTips',
  sharing: 'a shared folder',
  test: 'a test',
  signIn: 'being let in',
}

/** A lookup as a numbered walk for people to read, each hop with what it found out. */
export function tellTrace(trace: LookupTrace): string {
  const lines = [
    `Lookup ${trace.id} at ${new Date(trace.at).toISOString()}: ${trace.from} ${trace.role === 'asked' ? 'asked' : 'of another organisation asked'} for ${subjects[trace.what]} (${trace.ms} ms)`,
    '',
    `  1. ${trace.from} asks for ${trace.outcomes.map(({ address }) => address).join(', ')}.`,
  ]
  for (const branch of trace.branches) lines.push(...tellBranch(branch))
  lines.push('', '  Answer')
  for (const { address, code, view, cause } of trace.outcomes) {
    lines.push(`     ${address}: ${code === 'NoError' ? view : code}${cause ? ` – ${cause}` : ''}`)
  }
  return `${lines.join('\n')}\n`
}

function tellBranch({ generation, people, rows, hops, ms }: Branch): string[] {
  const title = generation === 'local' ? 'here' : generation === 'none' ? 'nowhere' : `elsewhere, by ${generation}`
  const lines = ['', `  ${people.join(', ')}: ${title} (${ms} ms)`]
  const looking = generation === 'DAuth' ? 1 : 2
  if (rows.length > 0) lines.push(`${numbered(looking)}${stepNames[generation]?.[looking] ?? 'Look for a way to the domain'}`)
  for (const { kind, name, verdict, why } of rows) lines.push(`       ${kind}${name ? ` '${name}'` : ''}: ${verdict}, ${why}`)
  let last = looking
  for (const hop of hops) {
    const name = stepNames[generation]?.[hop.step]
    if (hop.step > 0 && hop.step !== last && name) lines.push(`${numbered(hop.step)}${name}`)
    last = hop.step || last
    lines.push(...tellHop(hop))
  }
  return lines
}

const numbered = (step: number) => `${String(step).padStart(3)}. `

function tellHop({ what, url, scheme, status, requestId, ms, token, verdict, cause, remedy }: Hop): string[] {
  const facts = [url, scheme && `signed in by ${scheme}`, status && `status ${status}`, requestId && `request ${requestId}`, `${ms} ms`]
  const lines = [`       ${verdict === 'ok' ? '✓' : '✗'} ${what}`, `         ${facts.filter(Boolean).join(', ')}`]
  if (token) {
    const claims = Object.entries(token).map(([name, value]) => `${name} ${timeOr(name, value)}`)
    lines.push(`         token: ${claims.join(', ')}`)
  }
  if (cause) lines.push(`         cause: ${cause}`)
  if (remedy) lines.push(`         do:    ${remedy}`)
  return lines
}

/** Times of tokens are seconds since 1970 on the wire, instants of ours milliseconds. */
function timeOr(name: string, value: string | number): string {
  if (!['nbf', 'exp', 'expires'].includes(name)) return String(value)
  const seconds = Number(value)
  return new Date(seconds < 1e11 ? seconds * 1000 : seconds).toISOString().slice(0, 19) + 'Z'
}
