import type { Block, Value } from '../values.ts'
import { cast } from './convert.ts'
import { ScriptError } from './problem.ts'

export interface Slot {
  name: string
  value: Value
  /** Holds what a command gave that gave nothing: a pipeline passes none of it on. */
  isVoid?: boolean
  /** `[int]$x = …`: what is put in later is brought to it. */
  type?: string | undefined
  isConstant?: boolean
}

/** Variables and functions of one level; what is not here is looked for in the level from which it was called. */
export class Scope {
  readonly parent: Scope | undefined
  readonly functions = new Map<string, { name: string; block: Block }>()
  readonly #slots = new Map<string, Slot>()

  constructor(parent?: Scope) {
    this.parent = parent
  }

  get top(): Scope {
    let scope: Scope = this
    while (scope.parent) scope = scope.parent
    return scope
  }

  find(name: string): Slot | undefined {
    const key = name.toLowerCase()
    for (let scope: Scope | undefined = this; scope; scope = scope.parent) {
      const slot = scope.#slots.get(key)
      if (slot) return slot
    }
    return undefined
  }

  own(name: string): Slot | undefined {
    return this.#slots.get(name.toLowerCase())
  }

  /** Gives a value in this level. */
  set(
    name: string,
    value: Value,
    { isVoid = false, type, isConstant = false }: { isVoid?: boolean; type?: string; isConstant?: boolean } = {},
  ): void {
    const key = name.toLowerCase()
    const slot = this.#slots.get(key)
    const constant = slot?.isConstant ? slot : this.find(name)?.isConstant ? this.find(name) : undefined
    if (constant) {
      throw new ScriptError(`Cannot overwrite variable ${constant.name} because it is read-only or constant.`, {
        id: 'VariableNotWritable',
        category: 'WriteError',
      })
    }
    const held = type ?? slot?.type
    const kept = held === undefined ? value : cast(value, held)
    if (slot) Object.assign(slot, { value: kept, isVoid, type: held })
    else this.#slots.set(key, { name, value: kept, isVoid, type: held, isConstant })
  }

  remove(name: string): boolean {
    return this.#slots.delete(name.toLowerCase())
  }

  /** Of this level and those above, the nearest first. */
  *all(): Generator<Slot> {
    const seen = new Set<string>()
    for (let scope: Scope | undefined = this; scope; scope = scope.parent) {
      for (const [key, slot] of scope.#slots) if (!seen.has(key)) yield (seen.add(key), slot)
    }
  }

  function(name: string): Block | undefined {
    const key = name.toLowerCase()
    for (let scope: Scope | undefined = this; scope; scope = scope.parent) {
      const found = scope.functions.get(key)
      if (found) return found.block
    }
    return undefined
  }
}
