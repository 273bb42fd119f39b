import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bareNames, ewsOperations, utcSeconds, writeEnvelope, type Codec } from '#schema'
import { readXml } from '#wire'
import { validateEws } from '../support/ews-schema.ts'
import { arbitraryOf } from './arbitrary.ts'

const server = { major: 15, minor: 2, majorBuild: 1118, minorBuild: 7, version: 'V2017_07_11' }
const reading = { local: (text: string) => Date.parse(`${text}Z`) }
const writing = { dateTime: utcSeconds }
const runs = Number(process.env.FUZZ_RUNS ?? 25)

/** Reading adds in which words an extended property was named; writing without them uses the canonical ones. */
function withoutForms(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutForms)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([key]) => key !== 'form')
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutForms(inner)]))
}

function check(element: string, codec: Codec<unknown>): void {
  fc.assert(
    fc.property(arbitraryOf(codec), (value) => {
      const xml = writeEnvelope(codec.write(`m:${element}`, value, writing), server)
      assert.deepEqual(validateEws(xml), [], xml)
      const body = readXml(xml).children[1]
      assert.ok(typeof body === 'object')
      const [message] = body.children
      assert.ok(typeof message === 'object')
      assert.deepEqual(withoutForms(codec.read(message, reading)), withoutForms(value), xml)
    }),
    { numRuns: runs, includeErrorInReport: true },
  )
}

for (const [name, { request, response, requestElement, responseElement, spec }] of ewsOperations) {
  if ((bareNames as readonly string[]).includes(name)) continue
  test(`${name} ${spec}: requests and answers come back as they were written, and are valid`, () => {
    check(requestElement, request)
    check(responseElement, response)
  })
}
