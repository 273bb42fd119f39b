/**
 * The requirement tables: what each list of ../shared/data/requirements (and test/requirements/own) asks, which test that runs names it,
 * what was decided about the rest. Pure: reads files and answers rows; test/requirements/tables.test.ts judges and writes the documents.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { AnyNode } from 'acorn'
import { nodesOf, readSources, root, type Source } from '../house/sources.ts'

export const listFolder = join(root, '../shared/data/requirements')
const ownFolder = join(root, 'test/requirements/own')
const decisionFolder = join(root, 'test/requirements/decisions')

/**
 * `product older`: tells of older versions alone; `product`: tells of versions in words of its own; `member`: says that a type or a member
 * of it is there; `schema`: quotes the schema or the WSDL; `own`: a row of test/requirements/own; `behaviour`: the rest.
 */
export type Kind = 'product older' | 'product' | 'member' | 'schema' | 'undeclared' | 'own' | 'behaviour'

export interface Requirement {
  id: string
  document: string
  /** One id may be printed in several sections. */
  sections: string[]
  kind: Kind
}

export interface Decision {
  document: string
  /** An id, `R10–R40`, `§2.2.4.42` with all below it, or `kind:schema`. */
  what: string
  status: 'not applicable' | 'open' | 'met by' | 'same as'
  /** Why; for `met by` the test files, for `same as` the id. */
  reason: string
}

export interface Answer extends Requirement {
  status: 'met' | 'met by' | 'not applicable' | 'open'
  /** Test files, or the reason. */
  by: string
  decision?: Decision
}

const cellsOf = (file: string): string[][] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() && !line.startsWith('#'))
    .map((line) => line.split('\t').map((cell) => cell.trim()))
const filesOf = (folder: string, start = ''): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.startsWith(start) && name.endsWith('.tsv'))
        .sort()
        .map((name) => join(folder, name))
    : []
const documentOf = (file: string): string => basename(file, '.tsv')

/** Every requirement of the EWS documents, in the order of the lists. */
export function requirements(declared: ReadonlySet<string>): Requirement[] {
  const found = new Map<string, Requirement>()
  for (const file of filesOf(listFolder, 'MS-OXWS')) {
    for (const [id = '', section = '', kind = '', text = ''] of cellsOf(file).slice(1)) {
      const known = found.get(id)
      if (known) {
        if (!known.sections.includes(section)) known.sections.push(section)
      } else found.set(id, { id, document: documentOf(file), sections: [section], kind: kindOf(section, kind, text, declared) })
    }
  }
  for (const file of filesOf(ownFolder)) {
    const document = documentOf(file)
    for (const [name = '', section = ''] of cellsOf(file))
      found.set(`${document}:${name}`, { id: `${document}:${name}`, document, sections: [section], kind: 'own' })
  }
  return [...found.values()]
}

const current = /2016|2019|and (?:above|later)|SP1 and above|introduced/
const membership = /^(?:The )?[Ii]mplementation does (?:support|suport|use|include|introduce|have|specify|implement)\b/
/** More than that a member is there: what a value means, or what a server must find out to send it. */
const meaning = /which is (?:true|false)|\bvalue |Predicted|GroupingAction|Entit|Extract|Suggestion|RightsManagement/
const quoted = /schema of|<xs:|<wsdl:|xs:complexType name|WSDL (?:port|binding|message)|is the (?:definition|WSDL)/
const typed =
  /\b(?:type of|Element\/type|is of type|type is [a-z]+:)|\bextends the\b|element is (?:xs|t|m):\w+ (?:\([^)]*\) )?type\b|element is optional/

/** What kind of sentence a requirement is, by its words. */
function kindOf(section: string, listed: string, text: string, declared: ReadonlySet<string>): Kind {
  const words = text.replace(/^\s*(?:\[[^\]]*\]\s*)+/, '').replace(/\s+/g, ' ')
  if (listed === 'Product' || section === '8') {
    const versions = /Exchange (?:Server )?20\d\d/.test(words)
    const denies = /\bImplementation does not\b/i.test(words)
    if (versions && !(denies ? /2016|2019|and (?:above|later)/ : current).test(words)) return 'product older'
    const members = membersOf(words)
    if (meaning.test(words)) return 'product'
    // A type alone says nothing that can be checked, and an operation does more than stand in the schema.
    if (denies || !membership.test(words) || !members.length || /\boperation\b/.test(words)) return 'product'
    return members.every((name) => declared.has(name.toLowerCase())) ? 'member' : 'undeclared'
  }
  const isType = typed.test(words) && words.length < 260 && !/\b(?:MUST|SHOULD|returns?)\b/.test(words)
  if (!quoted.test(text) && !isType) return 'behaviour'
  return membersOf(words).every((name) => declared.has(name.toLowerCase())) ? 'schema' : 'undeclared'
}

/** The names of elements, attributes, values and operations that a sentence claims to be there; names of types are the schema's alone. */
function membersOf(words: string): string[] {
  const patterns = [
    /<(?:xs:element|xs:attribute|wsdl:operation) name="(?:\w+:)?(\w+)"/g,
    /<xs:enumeration value="([\w:]+)"/g,
    /(?:support|suport|use|include|introduce|have) (?:the )?(?:value |values |element |element name |attribute )?"?(?:\w:)?(\w+)"? (?:child )?(?:element|attribute|value|enumeration|operation|part)\b/g,
    /(?:element|attribute|value)(?: name)? ?"(?:\w:)?(\w+)"/g,
    /\bvalue of "\w+" is "(\w+)"/g,
    /The type of (?:the )?(?:child )?(?:element )?(?:of )?(?:\w:)?(\w+) is/g,
    /^(\w+): (?:Specifies|Represents)/g,
  ]
  const plain = new Set(['element', 'attribute', 'value', 'the', 'this', 'type', 'each', 'soap', 'address', 'following', 'enumeration'])
  return patterns
    .flatMap((pattern) => [...words.matchAll(pattern)].flatMap((match) => match[1] ?? []))
    .filter((name) => !plain.has(name) && !/^(?:Impersonation|MailboxCulture|RequestVersion|\w+(?:Type|SoapIn|SoapOut|Result))$/.test(name))
}

/** Each word of the rooms that declare messages and properties, in small letters. */
export function declaredNames(): Set<string> {
  const texts = readSources('src/schema', 'src/model', 'src/protocols/ews').map(({ text }) => text)
  return new Set(texts.flatMap((text) => text.match(/\w+(?::\w+)?/g) ?? []).map((word) => word.toLowerCase()))
}

const idPattern = /(MS-[A-Z]+)(?:_R(\d+)((?:[\s,;&_/]|and\b)*_?R\d+\b)*|(:[A-Za-z][\w.]*))/g

/** The ids that a text names: `MS-OXWSCORE_R1 _R2, R3 and R4` names four; `MS-OXWSRULES:RulePredicatesType.From` one of an own list. */
export function idsIn(text: string): string[] {
  return [...text.matchAll(idPattern)].flatMap(([whole, document = '', number, , own]) =>
    number === undefined ? [`${document}${own ?? ''}`] : [...whole.matchAll(/R(\d+)/g)].map((match) => `${document}_R${match[1] ?? ''}`),
  )
}

const sectionPattern = /\[(MS-[A-Z]+)\] ((?:\d+(?:\.\d+)+(?:, | and )?)+)/g
/** The sections that a text names, `[MS-OXWSRULES] 2.2.4.12`, each as `document section`. */
const sectionsIn = (text: string): string[] =>
  [...text.matchAll(sectionPattern)].flatMap(([, document = '', list = '']) =>
    [...list.matchAll(/\d+(?:\.\d+)+/g)].map(([section]) => `${document} ${section}`),
  )

export interface Named {
  /** Id or `document section` → the test files that name it in a test that runs. */
  run: Map<string, string[]>
  /** Ids that stand only in a test that never runs, with the file. */
  asleep: Map<string, string[]>
  /** Id → the files of src beside whose lines it stands. */
  obeyed: Map<string, string[]>
}

/** Who names what. */
export function namedIds(): Named {
  const named: Named = { run: new Map(), asleep: new Map(), obeyed: new Map() }
  const put = (map: Map<string, string[]>, key: string, path: string): void => {
    const paths = map.get(key) ?? []
    if (!paths.includes(path)) map.set(key, [...paths, path])
  }
  for (const source of readSources('test').filter(({ path }) => /\.(?:test|matrix|peer|fuzz|soak)\.ts$/.test(path))) {
    for (const { name, runs } of testNames(source)) {
      for (const key of [...idsIn(name), ...sectionsIn(name)]) put(runs ? named.run : named.asleep, key, source.path)
    }
  }
  for (const source of readSources('src')) for (const id of idsIn(source.text)) put(named.obeyed, id, source.path)
  return named
}

/** The names of the tests of a file; those that are skipped or to be done whatever happens do not run. */
function testNames(source: Source): { name: string; runs: boolean }[] {
  return [...nodesOf(source.program)].flatMap(({ node }) => {
    if (node.type !== 'CallExpression') return []
    const [calleeName = '', ...modifiers] = calleePath(node.callee).reverse()
    const isTest = calleeName === 'test' || (modifiers[0] === 'test' && ['skip', 'todo', 'only'].includes(calleeName))
    const [first, second] = node.arguments
    const name = first && textOf(first)
    if (!isTest || !name) return []
    return [{ name, runs: !['skip', 'todo'].includes(calleeName) && !(second && isAsleep(second)) }]
  })
}

const calleePath = (node: AnyNode): string[] => {
  if (node.type === 'Identifier') return [node.name]
  if (node.type !== 'MemberExpression' || node.property.type !== 'Identifier') return []
  return [...calleePath(node.object), node.property.name]
}
function textOf(node: AnyNode): string {
  if (node.type === 'Literal') return String(node.value)
  if (node.type === 'TemplateLiteral') return node.quasis.map(({ value }) => value.cooked ?? '').join(' ')
  return node.type === 'BinaryExpression' ? `${textOf(node.left)}${textOf(node.right)}` : ''
}
/** True for options that say `skip` or `todo` without a condition. */
const isAsleep = (node: AnyNode): boolean =>
  node.type === 'ObjectExpression' &&
  node.properties.some(
    (property) =>
      property.type === 'Property' &&
      property.key.type === 'Identifier' &&
      ['skip', 'todo'].includes(property.key.name) &&
      property.value.type === 'Literal' &&
      property.value.value !== false,
  )

/** All decisions, a file a document. */
export function decisions(): Decision[] {
  return filesOf(decisionFolder).flatMap((file) =>
    cellsOf(file).map(([what = '', status = '', reason = '']) => ({
      document: documentOf(file),
      what,
      status: status as Decision['status'],
      reason,
    })),
  )
}

/** How particular a decision is about a requirement; 0 = it says nothing about it. The most particular wins. */
export function fits(decision: Decision, { id, document, sections, kind }: Requirement): number {
  if (decision.document !== document && decision.document !== 'all') return 0
  const { what } = decision
  if (what === id || `${document}_${what}` === id || `${document}:${what}` === id) return 1000
  const range = /^R(\d+)–R(\d+)$/.exec(what)
  if (range) {
    const number = Number(id.split('_R')[1])
    return number >= Number(range[1]) && number <= Number(range[2]) ? 900 : 0
  }
  if (what === `kind:${kind}`) return decision.document === 'all' ? 1 : 2
  const [section, only] = what.slice(1).split(' kind:')
  if (!what.startsWith('§') || (only && only !== kind)) return 0
  return sections.some((one) => one === section || one.startsWith(`${section}.`)) ? 10 * (section?.length ?? 0) + (only ? 1 : 0) : 0
}

/** Each requirement with its status: named by a test that runs = met; else what was decided; else open. */
export function answers(all: readonly Requirement[], named: Named, decided: readonly Decision[]): Answer[] {
  const first = (requirement: Requirement): Answer => {
    const { id, document, sections, kind } = requirement
    const keys = kind === 'own' ? [id, ...sections.map((section) => `${document} ${section}`)] : [id]
    const by = [...new Set(keys.flatMap((key) => named.run.get(key) ?? []))].sort()
    if (by.length) return { ...requirement, status: 'met', by: by.join(' ') }
    const best = decided
      .map((decision) => ({ decision, weight: fits(decision, requirement) }))
      .filter(({ weight }) => weight > 0)
      .sort((a, b) => b.weight - a.weight)[0]?.decision
    if (!best) return { ...requirement, status: 'open', by: '' }
    return { ...requirement, status: best.status === 'same as' ? 'open' : best.status, by: best.reason, decision: best }
  }
  const rows = all.map(first)
  const byId = new Map(rows.map((row) => [row.id, row]))
  return rows.map((row) => {
    if (row.decision?.status !== 'same as') return row
    const other = byId.get(`${row.document}_${row.by}`) ?? byId.get(row.by)
    return { ...row, status: other?.status ?? 'open', by: `as ${row.by}` }
  })
}
