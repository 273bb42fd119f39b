/**
 * Regular expressions in the manner of .NET, matched by a machine of our own: every step is counted, so that no pattern and no text can
 * hold the shell for longer than the limit (the built-in RegExp cannot be stopped).
 */
import { Refusal } from '#model'
import { patternTree, type PatternNode, type PatternOptions } from './pattern-tree.ts'

export interface Match {
  index: number
  end: number
  /** By number; undefined = took no part. The whole is number 0. */
  groups: (string | undefined)[]
}

export interface Pattern {
  /** Names of groups by their number. */
  readonly names: readonly (string | undefined)[]
  /** The first match at `from` or later. Takes more steps than allowed → ScriptLimit. */
  match(text: string, from?: number): Match | undefined
}

type Step =
  | { op: 'one'; test: (code: number) => boolean }
  | { op: 'split'; first: number; second: number }
  | { op: 'jump'; to: number }
  | { op: 'save'; slot: number }
  | { op: 'at'; test: (text: string, at: number) => boolean }
  | { op: 'look'; program: Step[]; ahead: boolean; not: boolean }
  | { op: 'again'; group: number; ignoreCase: boolean }
  | { op: 'moved'; slot: number }
  | { op: 'done' }

const mostSteps = 20_000
const mostStack = 3_000_000

interface Count {
  left: number
}

/** Reads a pattern. What cannot be read → ScriptProblem; what is left out → NotInLanguage; what grows too long → ScriptLimit. */
export function compilePattern(text: string, options: PatternOptions, budget: number): Pattern {
  const tree = patternTree(text, options)
  const slots = { next: tree.names.length * 2, made: 0 }
  const program: Step[] = []
  emit(tree.root, program, slots)
  program.push({ op: 'done' })
  return {
    names: tree.names,
    match(subject, from = 0) {
      const count = { left: budget }
      for (let start = from; start <= subject.length; start++) {
        const saved = new Array<number>(slots.next).fill(-1)
        const end = run(program, subject, start, saved, count)
        if (end < 0) continue
        const groups = tree.names.map((_, group) =>
          group === 0
            ? subject.slice(start, end)
            : saved[group * 2 + 1]! < 0
              ? undefined
              : subject.slice(saved[group * 2]!, saved[group * 2 + 1]),
        )
        return { index: start, end, groups }
      }
      return undefined
    },
  }
}

function emit(node: PatternNode, program: Step[], slots: { next: number; made: number }): void {
  if (++slots.made > mostSteps) throw tooLong()
  switch (node.kind) {
    case 'one':
      program.push({ op: 'one', test: node.test })
      break
    case 'at':
      program.push({ op: 'at', test: node.test })
      break
    case 'again':
      program.push({ op: 'again', group: node.group, ignoreCase: node.ignoreCase })
      break
    case 'sequence':
      for (const part of node.parts) emit(part, program, slots)
      break
    case 'group':
      program.push({ op: 'save', slot: node.number * 2 })
      emit(node.body, program, slots)
      program.push({ op: 'save', slot: node.number * 2 + 1 })
      break
    case 'look': {
      const inside: Step[] = []
      emit(node.body, inside, slots)
      inside.push({ op: 'done' })
      program.push({ op: 'look', program: inside, ahead: node.ahead, not: node.not })
      break
    }
    case 'either':
      emitEither(node.parts, program, slots)
      break
    case 'repeat':
      emitRepeat(node, program, slots)
  }
}

function emitEither(parts: readonly PatternNode[], program: Step[], slots: { next: number; made: number }): void {
  const ends: Extract<Step, { op: 'jump' }>[] = []
  parts.forEach((part, index) => {
    if (index === parts.length - 1) return emit(part, program, slots)
    const split = { op: 'split' as const, first: program.length + 1, second: 0 }
    program.push(split)
    emit(part, program, slots)
    const end = { op: 'jump' as const, to: 0 }
    program.push(end)
    ends.push(end)
    split.second = program.length
  })
  for (const end of ends) end.to = program.length
}

function emitRepeat(
  { body, least, most, lazy }: Extract<PatternNode, { kind: 'repeat' }>,
  program: Step[],
  slots: { next: number; made: number },
): void {
  for (let copy = 0; copy < least; copy++) emit(body, program, slots)
  const fork = () => {
    const split = { op: 'split' as const, first: program.length + 1, second: program.length + 1 }
    program.push(split)
    return (exit: number) => void (lazy ? (split.first = exit) : (split.second = exit))
  }
  if (most === Number.POSITIVE_INFINITY) {
    const start = program.length
    const close = fork()
    const slot = slots.next++
    program.push({ op: 'save', slot })
    emit(body, program, slots)
    program.push({ op: 'moved', slot }, { op: 'jump', to: start })
    close(program.length)
    return
  }
  const closes: ((exit: number) => void)[] = []
  for (let copy = least; copy < most; copy++) {
    closes.push(fork())
    emit(body, program, slots)
  }
  for (const close of closes) close(program.length)
}

/** Runs from one place; the place where the match ends, or -1. Branches not yet tried and values to be put back stand on one stack. */
function run(program: readonly Step[], text: string, start: number, saved: number[], count: Count, mustEnd = -1): number {
  const stack: number[] = []
  let [pc, at] = [0, start]
  const back = (): boolean => {
    while (stack.length > 0) {
      const [value, slot] = [stack.pop()!, stack.pop()!]
      if (slot >= 0) saved[slot] = value
      else {
        pc = -slot - 1
        at = value
        return true
      }
    }
    return false
  }
  for (;;) {
    if (--count.left < 0 || stack.length > mostStack) throw tooMany()
    const step = program[pc]!
    let holds = true
    switch (step.op) {
      case 'done':
        if (mustEnd < 0 || at === mustEnd) return at
        holds = false
        break
      case 'one':
        holds = at < text.length && step.test(text.charCodeAt(at))
        if (holds) at++
        break
      case 'split':
        stack.push(-step.second - 1, at)
        pc = step.first - 1
        break
      case 'jump':
        pc = step.to - 1
        break
      case 'save':
        stack.push(step.slot, saved[step.slot]!)
        saved[step.slot] = at
        break
      case 'at':
        holds = step.test(text, at)
        break
      case 'moved':
        holds = saved[step.slot] !== at
        break
      case 'look':
        holds = look(step, text, at, saved, count, stack)
        break
      case 'again': {
        const length = repeated(step, text, at, saved)
        holds = length >= 0
        if (holds) at += length
      }
    }
    if (holds) pc++
    else if (!back()) return -1
  }
}

function look(
  { program, ahead, not }: Extract<Step, { op: 'look' }>,
  text: string,
  at: number,
  saved: number[],
  count: Count,
  stack: number[],
): boolean {
  const before = [...saved]
  const found = ahead ? run(program, text, at, saved, count) >= 0 : lookBehind(program, text, at, saved, count)
  if (found === not) {
    saved.splice(0, saved.length, ...before)
    return false
  }
  saved.forEach((value, slot) => {
    if (value !== before[slot]) stack.push(slot, before[slot]!)
  })
  return true
}

function lookBehind(program: readonly Step[], text: string, at: number, saved: number[], count: Count): boolean {
  for (let start = at; start >= 0; start--) if (run(program, text, start, saved, count, at) >= 0) return true
  return false
}

function repeated({ group, ignoreCase }: Extract<Step, { op: 'again' }>, text: string, at: number, saved: readonly number[]): number {
  const [from, to] = [saved[group * 2] ?? -1, saved[group * 2 + 1] ?? -1]
  if (to < 0) return -1
  const [wanted, found] = [text.slice(from, to), text.slice(at, at + to - from)]
  return wanted === found || (ignoreCase && wanted.toLowerCase() === found.toLowerCase()) ? wanted.length : -1
}

const tooMany = () =>
  new Refusal('ScriptLimit', 'The regular expression takes too many steps on this text. Write it without repeats within repeats.', { limit: 'matching' }) // prettier-ignore
const tooLong = () => new Refusal('ScriptLimit', `The regular expression has more than ${mostSteps} parts when its repeats are written out.`, { limit: 'matching' }) // prettier-ignore
