import { Table, Thing, type Value } from '../values.ts'
import { hostThing } from './host.ts'
import { ScriptError } from './problem.ts'
import { toVersion } from './text-types.ts'
import type { Scope } from './scope.ts'
import type { Frame } from './runtime.ts'
import type { Expression } from './tree.ts'

type VariableNode = Extract<Expression, { kind: 'variable' }>

/** Variables whose value the shell knows at the moment they are read. */
const computed: Readonly<Record<string, (frame: Frame) => Value>> = {
  true: () => true,
  false: () => false,
  null: () => null,
  _: (frame) => frame.item ?? frame.scope.find('_')?.value ?? null,
  psitem: (frame) => frame.item ?? frame.scope.find('_')?.value ?? null,
  error: (frame) => [...frame.run.session.errors],
  '?': (frame) => frame.run.session.succeeded,
  matches: (frame) => frame.run.session.matches,
  pwd: (frame) => new Thing([['Path', frame.run.session.options.files?.location ?? '']], ['System.Management.Automation.PathInfo'], frame.run.session.options.files?.location ?? ''), // prettier-ignore
  home: (frame) => frame.run.session.options.environment?.HOME ?? null,
  host: hostThing,
  psversiontable: (frame) => new Table([['PSVersion', toVersion('5.1')], ['PSEdition', 'Isthmus'], ['BuildVersion', frame.run.session.options.version ?? '']]), // prettier-ignore
}
export const computedNames = Object.keys(computed).filter((name) => /^\w/.test(name))

/** `Get-Variable` of one that is computed; undefined for any other. */
export function computedValue(name: string, frame: Frame): Value | undefined {
  const key = name.toLowerCase()
  return Object.hasOwn(computed, key) ? computed[key]!(frame) : undefined
}

/** The value of a variable; one that is not there is $null. */
export function readVariable(node: VariableNode, frame: Frame): Value {
  const key = node.name.toLowerCase()
  if (node.scope === 'env') return environment(node.name, frame)
  if (node.scope === undefined && Object.hasOwn(computed, key)) return computed[key]!(frame)
  return scopeNamed(node.scope, frame)?.find(node.name)?.value ?? null
}

/** Whether it holds what a command gave that gave nothing. */
export function isVoidVariable(node: VariableNode, frame: Frame): boolean {
  return scopeNamed(node.scope, frame)?.find(node.name)?.isVoid === true
}

function environment(name: string, { run }: Frame): Value {
  const found = Object.entries(run.session.options.environment ?? {}).find(([key]) => key.toLowerCase() === name.toLowerCase())
  return found?.[1] ?? null
}

export function writeVariable(node: VariableNode, value: Value, frame: Frame, options: { isVoid?: boolean; type?: string }): void {
  const key = node.name.toLowerCase()
  if (node.scope === 'env')
    throw new ScriptError('The environment can only be read here.', { id: 'EnvironmentIsReadOnly', category: 'WriteError' })
  // `$null = …` throws a value away.
  if (key === 'null') return
  if (key === '_' || key === 'psitem') return frame.scope.set('_', value, options)
  if (Object.hasOwn(computed, key) && key !== 'matches') {
    throw new ScriptError(`Cannot overwrite variable ${node.name} because it is read-only or constant.`, {
      id: 'VariableNotWritable',
      category: 'WriteError',
    })
  }
  const scope = scopeNamed(node.scope, frame)
  if (!scope)
    throw new ScriptError(`There is no scope or drive '${node.scope}:' in this shell.`, { id: 'DriveNotFound', category: 'ObjectNotFound' })
  scope.set(node.name, value, options)
}

function scopeNamed(name: string | undefined, { scope }: Frame): Scope | undefined {
  if (name === undefined || name === 'local' || name === 'private' || name === 'variable' || name === 'using') return scope
  return name === 'global' || name === 'script' ? scope.top : undefined
}
