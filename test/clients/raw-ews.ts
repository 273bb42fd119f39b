/** EWS by hand, over one kept-alive agent: for load, corpus and kill tests, where a client library would hide too much. */
import { request as httpRequest } from 'node:http'
import { Agent, request } from 'node:https'

export interface RawEws {
  /** Posts one SOAP body; resolves with the answer's text. Rejects on transport errors and on any status but 200. */
  call(body: string): Promise<string>
  close(): void
}

export interface RawEwsOptions {
  url: string
  ca: string
  user: string
  password: string
  connections?: number
}

export function connectRaw({ url, ca, user, password, connections = 4 }: RawEwsOptions): RawEws {
  const agent = new Agent({ keepAlive: true, maxSockets: connections, ca })
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  return {
    call(body) {
      const { promise, resolve, reject } = Promise.withResolvers<string>()
      const bytes = Buffer.from(envelope(body))
      const headers = { authorization, 'content-type': 'text/xml; charset=utf-8', 'content-length': bytes.length }
      const send = url.startsWith('https:')
        ? request(url, { method: 'POST', agent, headers })
        : httpRequest(url, { method: 'POST', headers })
      send.on('error', reject)
      send.on('response', (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString()
          if (response.complete && response.statusCode === 200) resolve(text)
          else reject(new Error(`HTTP ${response.statusCode}: ${text.slice(0, 500)}`))
        })
      })
      send.end(bytes)
      return promise
    },
    close: () => agent.destroy(),
  }
}

export function envelope(body: string): string {
  return (
    '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" ' +
    'xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types" xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages">' +
    `<soap:Header><t:RequestServerVersion Version="Exchange2016"/></soap:Header><soap:Body>${body}</soap:Body></soap:Envelope>`
  )
}

/** The response codes of an answer, in order. */
export function codesOf(answer: string): string[] {
  return [...answer.matchAll(/<m:ResponseCode>(\w+)<\/m:ResponseCode>/g)].map((match) => match[1] ?? '')
}

/** Throws unless every response code of the answer is NoError. */
export function succeeded(answer: string): string {
  const codes = codesOf(answer)
  if (codes.length === 0 || codes.some((code) => code !== 'NoError')) throw new Error(`EWS refused: ${answer.slice(0, 3000)}`)
  return answer
}

/** Text of every element of the name, entities decoded. */
export function textsOf(answer: string, tag: string): string[] {
  const found = answer.matchAll(new RegExp(`<${tag}(?: [^>]*)?(?:/>|>([^<]*)</${tag}>)`, 'g'))
  return [...found].map((match) => unescape(match[1] ?? ''))
}

/** Ids of every element of the name. */
export function idsOf(answer: string, tag = 't:ItemId'): string[] {
  return [...answer.matchAll(new RegExp(`<${tag} Id="([^"]+)"`, 'g'))].map((match) => match[1] ?? '')
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function unescape(text: string): string {
  return text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (_whole, name: string) => {
    if (name.startsWith('#')) return String.fromCodePoint(name[1] === 'x' ? parseInt(name.slice(2), 16) : Number(name.slice(1)))
    return entities[name] ?? ''
  })
}
