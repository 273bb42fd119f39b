/** docs/configuration.md is written from the schema; this test holds it to it. `UPDATE=1 node --test test/server/config-docs.test.ts` writes it anew. */
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { test } from 'node:test'
import { format, resolveConfig } from 'prettier'
import { z } from 'zod'
import { readConfig, siteConfig } from '#server'

const file = new URL('../../docs/configuration.md', import.meta.url)

interface Schema {
  type?: string
  description?: string
  default?: unknown
  enum?: unknown[]
  properties?: Record<string, Schema>
  additionalProperties?: Schema | boolean
  items?: Schema
  required?: string[]
}

/** Small, and every key in it is checked by the test below. */
const example = {
  organisation: { name: 'Contoso', domain: 'contoso.com', domains: ['contoso.org'] },
  data: 'data',
  hostName: 'mail.contoso.com',
  listeners: {
    https: { host: '0.0.0.0', port: 443 },
    smtp: { host: '0.0.0.0', port: 25 },
    submission: { host: '0.0.0.0', port: 587 },
  },
  smtp: {
    routes: [{ domains: ['*'], hosts: ['relay.example.net'], port: 587, tls: 'verified', auth: { user: 'contoso', password: '…' } }],
  },
  log: { file: 'log/isthmus.log' },
}

function rowsOf(schema: Schema, path: string): string[] {
  const rows: string[] = []
  for (const [key, value] of Object.entries(schema.properties ?? {})) {
    const at = path ? `${path}.${key}` : key
    const type = value.enum
      ? value.enum.join(', ')
      : value.type === 'array'
        ? `list of ${value.items?.type ?? 'values'}`
        : (value.type ?? '')
    const inside = rowsOf(value.type === 'array' ? (value.items ?? {}) : value, value.type === 'array' ? `${at}[]` : at)
    const usual = inside.length === 0 && value.default !== undefined ? `\`${JSON.stringify(value.default)}\`` : ''
    const needed = schema.required?.includes(key) ? 'needed' : usual
    rows.push(`| \`${at}\` | ${type} | ${needed} | ${value.description ?? ''} |`, ...inside)
  }
  return rows
}

function document(): string {
  const schema = z.toJSONSchema(siteConfig, { io: 'input', unrepresentable: 'any' }) as Schema
  return [
    '# The configuration file',
    '',
    '`isthmus serve --config FILE` reads one JSON file. It holds what a site needs before it can open its store; everything else is kept in the',
    'store. Unknown keys are refused; every problem is printed with its path. Relative paths start at the file’s folder.',
    'This page is written from the schema (`src/server/config.ts`).',
    '',
    '```json',
    JSON.stringify(example, null, 2),
    '```',
    '',
    '| key | what | usual | meaning |',
    '| --- | --- | --- | --- |',
    ...rowsOf(schema, ''),
    '',
  ].join('\n')
}

test('the page about the configuration says what the schema says', async () => {
  const wanted = await format(document(), { ...(await resolveConfig(file)), parser: 'markdown' })
  if (process.env.UPDATE) await writeFile(file, wanted)
  assert.equal(await readFile(file, 'utf8'), wanted)
  assert.ok('config' in readConfig(example))
})
