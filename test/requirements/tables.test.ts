/**
 * Holds the requirement tables together: what is named exists, what is decided has a reason, what is written in docs is so.
 * `UPDATE_DOCS=1 node --test test/requirements/tables.test.ts` writes docs/requirements and the table in docs/protocols.md.
 */
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { root } from '../house/sources.ts'
import { answers, decisions, declaredNames, fits, idsIn, listFolder, namedIds, requirements, type Answer } from '../support/requirements.ts'

const absent = existsSync(listFolder) ? false : `the requirement lists are not at ${listFolder}`
const command = 'UPDATE_DOCS=1 node --test test/requirements/tables.test.ts'
const begin = `<!-- requirements: written by \`${command}\` -->`
const end = '<!-- requirements: end -->'
const none = (findings: string[], rule: string): void => assert.equal(findings.length, 0, `${rule}\n  ${findings.join('\n  ')}\n`)

test('ids are read with the document carried on', () => {
  assert.deepEqual(idsIn('a: MS-OXWSCORE_R12 _R3, R4 and R5; MS-OXWSATT_R6 of 7'), [
    'MS-OXWSCORE_R12',
    'MS-OXWSCORE_R3',
    'MS-OXWSCORE_R4',
    'MS-OXWSCORE_R5',
    'MS-OXWSATT_R6',
  ])
  assert.deepEqual(idsIn('MS-OXWSRULES:RulePredicatesType.From and [MS-OXWSRULES] 2.2.4.1'), ['MS-OXWSRULES:RulePredicatesType.From'])
})

describe('the requirement tables', { skip: absent }, () => {
  const all = absent ? [] : requirements(declaredNames())
  const ids = new Set(all.map(({ id }) => id))
  const documents = new Set(all.map(({ document }) => document))
  const named = namedIds()
  const decided = decisions()
  const rows = answers(all, named, decided)

  test('an id that is named is in its list', () => {
    const known = (id: string): boolean => !documents.has(id.split(/[_:]/)[0] ?? '') || ids.has(id) || !/_R|:/.test(id)
    const findings = [named.run, named.asleep, named.obeyed].flatMap((map) =>
      [...map].filter(([id]) => !id.includes(' ') && !known(id)).map(([id, paths]) => `${id} in ${paths.join(' ')}`),
    )
    none(findings, 'In no list:')
  })

  test('an id does not stand only in a test that never runs', () => {
    none(
      [...named.asleep].filter(([id]) => !named.run.has(id)).map(([id, paths]) => `${id} in ${paths.join(' ')}`),
      'Asleep:',
    )
  })

  test('a decision decides something, says why, and does not contradict a test', () => {
    const findings = decided.flatMap((decision) => {
      const at = `${decision.document}: ${decision.what}`
      const about = all.filter((row) => fits(decision, row) > 0)
      const statuses = ['not applicable', 'open', 'met by', 'same as']
      const files = decision.status === 'met by' ? decision.reason.split(' ') : []
      return [
        ...(about.length ? [] : [`${at} matches nothing`]),
        ...(statuses.includes(decision.status) ? [] : [`${at} has the status ${decision.status}`]),
        ...(decision.reason ? [] : [`${at} says not why`]),
        ...files.filter((file) => !existsSync(join(root, file))).map((file) => `${at} is met by ${file}, which is not there`),
        ...(decision.status === 'not applicable' && fits(decision, about[0] ?? all[0]!) === 1000
          ? about.filter(({ id }) => named.run.has(id)).map(({ id }) => `${id} is tested and not applicable`)
          : []),
        ...(decision.status === 'same as' && !ids.has(decision.reason) && !ids.has(`${decision.document}_${decision.reason}`)
          ? [`${at} is the same as ${decision.reason}, which is in no list`]
          : []),
      ]
    })
    none(findings, 'Decisions:')
  })

  test('docs say what is so', () => {
    const files = new Map(
      [...documents].map(
        (document) =>
          [
            document,
            documentText(
              document,
              rows.filter((row) => row.document === document),
            ),
          ] as const,
      ),
    )
    const folder = join(root, 'docs/requirements')
    const protocols = join(root, 'docs/protocols.md')
    const table = `${begin}\n\n${summary(rows)}\n\n${end}`
    if (process.env['UPDATE_DOCS']) {
      rmSync(folder, { recursive: true, force: true })
      mkdirSync(folder)
      for (const [document, text] of files) writeFileSync(join(folder, `${document}.md`), text)
      writeFileSync(protocols, withTable(readFileSync(protocols, 'utf8'), table))
      return
    }
    const old = [...files].filter(([document, text]) => readIf(join(folder, `${document}.md`)) !== text).map(([document]) => document)
    const strange = existsSync(folder) ? readdirSync(folder).filter((name) => !files.has(name.replace('.md', ''))) : []
    none([...old, ...strange], `Old in docs/requirements (${command}):`)
    assert.ok(readIf(protocols).includes(table), `the table in docs/protocols.md is old: ${command}`)
  })
})

const readIf = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '')

/** The document with the table in its place; where it has none, before the table of Autodiscover. */
function withTable(text: string, table: string): string {
  const from = text.indexOf(begin)
  if (from >= 0) return text.slice(0, from) + table + text.slice(text.indexOf(end) + end.length)
  const words =
    'Requirements of the documents. Met: a test that runs names the id. By schema and suites: rows about the shape of messages, which whole\n' +
    'suites hold. Each document has a list, row by row, in `docs/requirements`.'
  return text.replace('\n## Autodiscover\n', `\n### Requirement by requirement\n\n${words}\n\n${table}\n\n## Autodiscover\n`)
}

function table(cells: string[][]): string {
  const widths = (cells[0] ?? []).map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)))
  const line = (row: string[]): string => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [line(cells[0] ?? []), line(widths.map((width) => '-'.repeat(width))), ...cells.slice(1).map(line)].join('\n')
}

function summary(rows: readonly Answer[]): string {
  const columns = ['met', 'met by', 'not applicable', 'open'] as const
  const count = (document: string): string[] => {
    const own = rows.filter((row) => document === '' || row.document === document)
    return [own.length, ...columns.map((status) => own.filter((row) => row.status === status).length)].map(String)
  }
  const documents = [...new Set(rows.map(({ document }) => document))].sort()
  return table([
    ['document', 'requirements', 'met', 'by schema and suites', 'not applicable', 'open'],
    ...documents.map((document) => [`[${document}](requirements/${document}.md)`, ...count(document)]),
    ['all', ...count('')],
  ])
}

function documentText(document: string, rows: readonly Answer[]): string {
  const short = (row: Answer): string => (row.status === 'met' ? row.by.replaceAll('test/', '') : row.by).replaceAll('|', '\\|')
  const lines = rows.map((row) => `| ${row.id.slice(document.length + 1)} | ${row.sections.join(', ')} | ${row.status} | ${short(row)} |`)
  return `# ${document}\n\nWritten by \`${command}\`.\n\n| id | section | status | by, or why not |\n| --- | --- | --- | --- |\n${lines.join('\n')}\n`
}
