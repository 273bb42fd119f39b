/** Holds the rules of ARCHITECTURE.md: floors, doors, sizes, names, and what must not be in the code. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import type { AnyNode } from 'acorn'
import { doors, nodesOf, readSources, roomOf, roomsTable, root, targetOf, type Source } from './house/sources.ts'

const maxLines = 400
const maxFunctionLines = 80
const bannedWords = ['Manager', 'Handler', 'Helper', 'Helpers', 'Util', 'Utils', 'Base', 'Impl']

const sources = readSources('src')
const others = readSources('test', 'bench', 'bin')
const everything = [...sources, ...others]
const rooms = roomsTable()

function none(findings: string[], rule: string): void {
  assert.equal(findings.length, 0, `${rule}\n  ${findings.join('\n  ')}\n`)
}

test('the rooms are those of ARCHITECTURE.md, each with its door in package.json', () => {
  assert.ok(rooms.size >= 14, 'the table of rooms in ARCHITECTURE.md was not understood')
  const folders = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const findings = folders.filter(({ name }) => !rooms.has(name)).map(({ name }) => `src/${name} is not in the table`)
  for (const { name } of rooms.values()) {
    const door = name === 'protocols' ? doors['#protocols/*'] : doors[`#${name}`]
    if (!door && name !== 'web') findings.push(`package.json "imports" has no #${name}`)
  }
  const entrances = folders.flatMap(({ name }) =>
    name === 'protocols' ? readdirSync(join(root, 'src/protocols')).map((sub) => `src/protocols/${sub}`) : [`src/${name}`],
  )
  for (const entrance of entrances) if (!existsSync(join(root, entrance, 'index.ts'))) findings.push(`${entrance} has no index.ts`)
  none(findings, 'Every room is a row of the table and has one door:')
})

test('a room imports only what its row allows, and only through the door', () => {
  const findings: string[] = []
  for (const source of sources) {
    const room = roomOf(source.path) ?? ''
    const row = rooms.get(room.split('/')[0] ?? '')
    for (const specifier of source.all) {
      const target = targetOf(source.path, specifier)
      if (!target) continue
      const other = roomOf(target)
      if (specifier.startsWith('.')) {
        if (other !== room) findings.push(`${source.path} reaches into ${target}: import rooms by name`)
        else if (!existsSync(join(root, target))) findings.push(`${source.path} imports ${target}, which is not there`)
      } else if (!other) findings.push(`${source.path}: ${specifier} is no door`)
      else if (other === room) findings.push(`${source.path} imports its own room by name`)
      else if (other.startsWith('protocols/') && room.startsWith('protocols/')) findings.push(`${source.path} imports a sibling: ${other}`)
      else if (!row?.mayImport.has(other.split('/')[0] ?? '')) findings.push(`${source.path}: ${room} may not import ${other}`)
    }
  }
  none(findings, 'Floors and doors (ARCHITECTURE.md section 2):')
})

/** Rooms that know no server: the language of the shell runs in a browser as it stands. */
const runAnywhere = new Set(['#model', '#shell'])

test('the browser client takes types of the server and nothing that runs there', () => {
  const findings = sources
    .filter(({ path }) => path.startsWith('src/web/'))
    .flatMap((source) =>
      source.runTime
        .filter((specifier) => (specifier.startsWith('#') && !runAnywhere.has(specifier)) || specifier.startsWith('node:'))
        .map((specifier) => `${source.path} runs ${specifier}`),
    )
  none(findings, 'The browser client:')
})

test('no file imports itself in a circle at run time', () => {
  const edges = new Map(
    sources.map((source) => [source.path, source.runTime.flatMap((specifier) => targetOf(source.path, specifier) ?? [])]),
  )
  const done = new Set<string>()
  const findings: string[] = []
  const visit = (path: string, trail: string[]): void => {
    const at = trail.indexOf(path)
    if (at >= 0) return void findings.push([...trail.slice(at), path].join(' → '))
    if (done.has(path)) return
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path])
    done.add(path)
  }
  for (const path of edges.keys()) visit(path, [])
  none(findings, 'Import cycles:')
})

test('files and functions keep to their sizes', () => {
  const findings: string[] = []
  for (const source of sources) {
    const isTable = source.text.split('\n', 1)[0]?.trim() === '// table' || source.program.body.length === 0
    if (!isTable && source.lines > maxLines) findings.push(`${source.path} has ${source.lines} lines (at most ${maxLines})`)
    for (const { line, lines } of functionSizes(source)) {
      if (!isTable && lines > maxFunctionLines)
        findings.push(`${source.path}:${line} is a function of ${lines} lines (at most ${maxFunctionLines})`)
    }
  }
  none(findings, 'Sizes:')
})

/** Lines of each function without those of the functions inside it. */
function functionSizes(source: Source): { line: number; lines: number }[] {
  const sizes: { line: number; lines: number }[] = []
  const measure = (node: AnyNode): number => {
    let inner = 0
    for (const value of Object.values(node) as unknown[]) {
      for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) {
        if (typeof child === 'object' && child !== null && 'type' in child && 'start' in child) inner += measure(child as AnyNode)
      }
    }
    if (!/^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type) || !node.loc) return inner
    const total = node.loc.end.line - node.loc.start.line + 1
    sizes.push({ line: node.loc.start.line, lines: total - inner })
    return total > 1 ? total - 1 : 0
  }
  measure(source.program)
  return sizes
}

test('names say what a thing is', () => {
  const suffix = new RegExp(`(${bannedWords.join('|')})$`)
  const fileSuffix = new RegExp(`(^|[-/])(${bannedWords.join('|')})(\\.test)?\\.tsx?$`, 'i')
  const findings: string[] = []
  for (const source of everything) {
    if (fileSuffix.test(source.path)) findings.push(source.path)
    const exported = source.code.matchAll(
      /^export (?:declare )?(?:abstract )?(?:async )?(?:const|function\*?|class|interface|type|let) (\w+)/gm,
    )
    for (const [, name = ''] of exported) if (suffix.test(name)) findings.push(`${source.path}: ${name}`)
  }
  none(findings, `No name ends in ${bannedWords.join(', ')}:`)
})

test('nothing is left out, silenced or tied to one machine', () => {
  const machinePath = new RegExp(`['"\`](/(?:work|tmp|home|root|Users)/|[A-Z]:\\\\\\\\)`)
  const findings: string[] = []
  const say = (source: Source, pattern: RegExp, what: string, text = source.code): void => {
    text.split('\n').forEach((line, index) => {
      if (pattern.test(line)) findings.push(`${source.path}:${index + 1} ${what}: ${line.trim().slice(0, 90)}`)
    })
  }
  for (const source of everything) {
    say(source, machinePath, 'names a path of one machine', source.text)
    say(source, /(^|[^.\w])(test|it|describe|suite)\.(only|skip|todo)\b|\b(only|todo): true\b/, 'leaves tests out')
    say(source, /(?::|<|\bas|=>|\|)\s*any\b(?!\s*[(:])|,\s*any\s*>|\bany\[\]/, 'uses any')
    say(source, /@ts-(ignore|expect-error|nocheck)/, 'silences the type check', source.text)
    say(source, /\b(TODO|FIXME|XXX)\b/, 'leaves work undone', source.text.replace(/'[^'\n]*'|\/[^\n/]*\//g, ''))
  }
  for (const source of sources) {
    for (const { node, parent } of nodesOf(source.program)) {
      const line = node.loc?.start.line
      if (node.type === 'CatchClause' && node.body.body.length === 0) findings.push(`${source.path}:${line} swallows errors: empty catch`)
      const isCatchCall =
        parent?.type === 'CallExpression' &&
        parent.callee.type === 'MemberExpression' &&
        parent.callee.property.type === 'Identifier' &&
        parent.callee.property.name === 'catch'
      if (isCatchCall && node.type === 'ArrowFunctionExpression' && node.body.type === 'BlockStatement' && node.body.body.length === 0)
        findings.push(`${source.path}:${line} swallows errors: empty .catch()`)
    }
  }
  none(findings, 'Forbidden:')
})

test('module state: no top-level let, var or growing collection in src', () => {
  const findings = sources.flatMap((source) =>
    source.program.body.flatMap((node) => {
      const declaration = node.type === 'ExportNamedDeclaration' ? node.declaration : node
      const isState = declaration?.type === 'VariableDeclaration' && declaration.kind !== 'const'
      return isState ? [`${source.path}:${declaration.loc?.start.line}`] : []
    }),
  )
  none(findings, 'State belongs to what a factory returns:')
})

test('every refusal is thrown somewhere', (context) => {
  const table = readFileSync(join(root, 'src/model/refusal.ts'), 'utf8')
  const codes = [...table.matchAll(/^ {2}(\w+): '\w+',/gm)].map((match) => match[1] ?? '')
  assert.ok(codes.length > 50, 'the table of refusals was not understood')
  const text = sources
    .filter(({ path }) => path !== 'src/model/refusal.ts')
    .map((source) => source.text)
    .join('\n')
  const unused = codes.filter((code) => !new RegExp(`['"]${code}['"]`).test(text))
  if (unused.length) context.diagnostic(`${unused.length} of ${codes.length} refusal codes are thrown nowhere yet: ${unused.join(', ')}`)
})
