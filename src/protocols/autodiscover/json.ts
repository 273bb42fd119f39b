import type { HttpReply } from '#access'
import type { Endpoints } from './endpoints.ts'

type Give = (endpoints: Endpoints) => string

/** One row a protocol of Autodiscover v2, by its name in lower case. */
const protocols: ReadonlyMap<string, { name: string; give: Give }> = new Map(
  [
    { name: 'Ews', give: (endpoints: Endpoints) => endpoints.ews },
    { name: 'ActiveSync', give: (endpoints: Endpoints) => endpoints.activeSync },
    { name: 'AutodiscoverV1', give: (endpoints: Endpoints) => `${endpoints.base}/autodiscover/autodiscover.xml` },
  ].map((row) => [row.name.toLowerCase(), row]),
)

/**
 * Autodiscover v2: `/autodiscover/autodiscover.json?Email=…&Protocol=…` or `…/v1.0/ADDRESS?Protocol=…`, unauthenticated. The answer is the same for every
 * address of this server, so that it tells nobody who exists.
 */
export function answerJson(endpoints: Endpoints, path: string, search: URLSearchParams): HttpReply {
  const query = new Map([...search].map(([name, value]) => [name.toLowerCase(), value]))
  const asked = query.get('protocol')
  if (!asked) {
    return json(400, {
      ErrorCode: 'MandatoryParameterMissing',
      ErrorMessage: "A valid value must be provided for the query parameter 'Protocol'.",
    })
  }
  const row = protocols.get(asked.toLowerCase())
  if (!row) {
    const known = [...protocols.values()].map(({ name }) => name).join(', ')
    return json(400, {
      ErrorCode: 'InvalidProtocol',
      ErrorMessage: `The protocol '${asked.slice(0, 50)}' is not known here. Known are: ${known}.`,
    })
  }
  const email = query.get('email') ?? /\/v1\.0\/([^/]+)$/.exec(path)?.[1] ?? ''
  if (email && !/^[^@\s]+@[^@\s]+$/.test(email)) {
    return json(400, { ErrorCode: 'InvalidUserId', ErrorMessage: 'The address is not an SMTP address.' })
  }
  return json(200, { Protocol: row.name, Url: row.give(endpoints) })
}

function json(status: number, value: object): HttpReply {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(value) }
}
