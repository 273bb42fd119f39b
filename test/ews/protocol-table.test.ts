import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { ewsOperations } from '#schema'
import { verbs } from '../../src/protocols/ews/operations/index.ts'

const file = join(import.meta.dirname, '../../docs/protocols.md')
const begin = '<!-- ews: written by `UPDATE_DOCS=1 node --test test/ews/protocol-table.test.ts` -->'
const end = '<!-- ews: end -->'

/** The table of operations as docs/protocols.md has it, from the tables that the server runs by. */
function table(): string {
  const rows = [...ewsOperations.values()]
    .map(({ name, spec, requestElement }) => [name, spec, verbs.has(requestElement) ? 'done' : 'typed error'])
    .sort(([a = ''], [b = '']) => a.localeCompare(b))
  const widths = [0, 1, 2].map((column) =>
    Math.max(...[['operation', 'specification', 'status'], ...rows].map((row) => (row[column] ?? '').length)),
  )
  const line = (cells: string[]): string => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const done = rows.filter(([, , status]) => status === 'done').length
  return [
    `${done} of ${rows.length} operations; the others answer \`ErrorInvalidRequest\` in their own shape.`,
    '',
    line(['operation', 'specification', 'status']),
    line(widths.map((width) => '-'.repeat(width))),
    ...rows.map(line),
  ].join('\n')
}

test('docs/protocols.md says of each EWS operation what the dispatcher does', () => {
  const wanted = `${begin}\n\n${table()}\n\n${end}`
  const now = existsSync(file) ? readFileSync(file, 'utf8') : '# Protocols: what is there\n'
  const from = now.indexOf(begin)
  if (process.env.UPDATE_DOCS) {
    const section = `\n## Exchange Web Services\n\nReached at \`/EWS/Exchange.asmx\`. Ids, shapes and errors follow [MS-OXWSITEMID] and [MS-OXWSCDATA].\n\n`
    const text = from < 0 ? `${now}${section}${wanted}\n` : `${now.slice(0, from)}${wanted}${now.slice(now.indexOf(end) + end.length)}`
    writeFileSync(file, text)
    return
  }
  assert.ok(now.includes(wanted), 'the table is old: UPDATE_DOCS=1 node --test test/ews/protocol-table.test.ts')
})
