/** Reads the project's own TypeScript for the house test: text, syntax tree of the stripped form, imports. */
import { readFileSync, readdirSync, existsSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { stripTypeScriptTypes } from 'node:module'
import { parse as parseProgram, type AnyNode, type Program } from 'acorn'
import { parseSync } from 'vite'

export const root = resolve(import.meta.dirname, '../..')

export interface Source {
  /** From the project root, with forward slashes. */
  path: string
  text: string
  lines: number
  /** Text with comments, strings and regular expressions blanked: what a search for code may look at. */
  code: string
  program: Program
  /** Specifiers that exist at run time. */
  runTime: string[]
  /** Specifiers of any kind, types too. */
  all: string[]
}

/** Every TypeScript file below the folders that exist. */
export function readSources(...folders: string[]): Source[] {
  return folders.filter((folder) => existsSync(join(root, folder))).flatMap(walk)
}

function walk(folder: string): Source[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : walk(path)
    if (path.endsWith('.tsx')) return [readMarkup(path)]
    return path.endsWith('.ts') && !path.endsWith('.d.ts') ? [readSource(path)] : []
  })
}

function readSource(path: string): Source {
  const text = readFileSync(join(root, path), 'utf8')
  const stripped = silently(() => stripTypeScriptTypes(text))
  const blanks: [number, number][] = []
  const program = parseProgram(stripped, {
    ecmaVersion: 'latest',
    sourceType: 'module',
    locations: true,
    onComment: (_block, _text, start, end) => void blanks.push([start, end]),
    onToken: (token) => {
      if (['string', 'template', 'regexp'].includes(token.type.label)) blanks.push([token.start, token.end])
    },
  })
  const runTime = [...nodesOf(program)].flatMap(({ node }) => specifierOf(node) ?? [])
  const types = [...text.matchAll(/^(?:import|export)\s+(?:type\s)?[^'"]*?from\s+'([^']+)'/gm)].map((match) => match[1] ?? '')
  return {
    path,
    text,
    lines: text.split('\n').length - 1,
    code: blank(text, blanks),
    program,
    runTime,
    all: [...new Set([...runTime, ...types])],
  }
}

/** A file with JSX, which the stripping of types does not know: types stay in the tree. */
function readMarkup(path: string): Source {
  const text = readFileSync(join(root, path), 'utf8')
  const { program, comments, errors } = parseSync(path, text, { lang: 'tsx' })
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`)
  const tree = program as unknown as Program
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)]
  const lineOf = (at: number) => {
    let [low, high] = [0, starts.length - 1]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if (starts[middle]! <= at) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: at - starts[low]! }
  }
  const blanks: [number, number][] = comments.map(({ start, end }) => [start, end])
  for (const { node } of nodesOf(tree)) {
    Object.assign(node, { loc: { start: lineOf(node.start), end: lineOf(node.end) } })
    if (['Literal', 'TemplateElement', 'JSXText'].includes(node.type)) blanks.push([node.start, node.end])
  }
  const imported = [...nodesOf(tree)].flatMap(({ node }) => {
    const specifier = specifierOf(node)
    return specifier === undefined
      ? []
      : [{ specifier, isType: 'importKind' in node ? node.importKind === 'type' : 'exportKind' in node && node.exportKind === 'type' }]
  })
  return {
    ...{ path, text, program: tree },
    lines: text.split('\n').length - 1,
    code: blank(text, blanks),
    runTime: imported.filter(({ isType }) => !isType).map(({ specifier }) => specifier),
    all: [...new Set(imported.map(({ specifier }) => specifier))],
  }
}

/** What an import, re-export or dynamic import of a literal names. */
function specifierOf(node: AnyNode): string | undefined {
  if (!/^(ImportDeclaration|ExportAllDeclaration|ExportNamedDeclaration|ImportExpression)$/.test(node.type) || !('source' in node))
    return undefined
  const { source } = node
  return source && typeof source === 'object' && source.type === 'Literal' ? String(source.value) : undefined
}

function blank(text: string, ranges: [number, number][]): string {
  let code = text
  for (const [start, end] of ranges) code = code.slice(0, start) + code.slice(start, end).replace(/[^\n]/g, ' ') + code.slice(end)
  const keepLines = (found: string) => found.replace(/[^\n]/g, ' ')
  return code.replace(/\/\*[\s\S]*?\*\//g, keepLines).replace(/\/\/.*$/gm, keepLines)
}

/** `stripTypeScriptTypes` warns once that it is experimental; the warning says nothing about the project. */
function silently<T>(make: () => T): T {
  const { emitWarning } = process
  process.emitWarning = () => undefined
  try {
    return make()
  } finally {
    process.emitWarning = emitWarning
  }
}

/** Every node of a tree, with its parent. */
export function* nodesOf(node: AnyNode, parent?: AnyNode): Generator<{ node: AnyNode; parent: AnyNode | undefined }> {
  yield { node, parent }
  for (const value of Object.values(node) as unknown[]) {
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) if (isNode(child)) yield* nodesOf(child, node)
  }
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}

/** The room of a file: `store`, `protocols/ews`; undefined outside `src`. */
export function roomOf(path: string): string | undefined {
  const [top, room, sub] = path.split('/')
  if (top !== 'src' || !room) return undefined
  return room === 'protocols' ? `protocols/${sub}` : room
}

const { imports: doors } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { imports: Record<string, string> }
export { doors }

/** The project file a specifier leads to; undefined for packages and built-in modules. */
export function targetOf(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return relative(root, resolve(root, dirname(from), specifier)).replaceAll('\\', '/')
  if (!specifier.startsWith('#')) return undefined
  const protocol = /^#protocols\/([\w-]+)$/.exec(specifier)?.[1]
  const door = protocol ? doors['#protocols/*']?.replace('*', protocol) : doors[specifier]
  return door?.replace(/^\.\//, '') ?? specifier
}

/** A row of ARCHITECTURE.md's table of rooms. */
export interface Room {
  floor: number
  name: string
  mayImport: Set<string>
}

/** The table of rooms, read from the document, so that the document cannot fall behind. */
export function roomsTable(): Map<string, Room> {
  const document = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
  const rows = [...document.matchAll(/^\| (\d) +\| `([a-z]+)` +\|.*\| ([^|]+) \|$/gm)].map(([, floor, name, cell]) => ({
    floor: Number(floor),
    name: name ?? '',
    cell: cell ?? '',
  }))
  return new Map(
    rows.map(({ floor, name, cell }) => {
      const lower = rows.filter((row) => row.floor < floor).map((row) => row.name)
      const named = rows.map((row) => row.name).filter((room) => new RegExp(`\\b${room}\\b`).test(cell.replace(/except.*$/, '')))
      const except = /except `([a-z]+)`/.exec(cell)?.[1]
      const broad = /…|below|everything/.test(cell)
      const mayImport = new Set([...(broad ? lower : []), ...named].filter((room) => room !== except && room !== name))
      return [name, { floor, name, mayImport }]
    }),
  )
}
