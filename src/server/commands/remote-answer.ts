/**
 * What a site answers over REST, as far as the shell reads it: each function gives undefined for anything else. Written by hand: a library of schemas
 * takes longer to load than everything else that a prompt needs.
 */
import type { CmdletDescription, Progress } from '#shell'

type Bag = Record<string, unknown>

export interface ToldProblem {
  code: string
  message: string
  detail: Bag
}

export type AnswerLine =
  | { object: Bag }
  | { type: string }
  | { warning: string }
  | { progress: Progress }
  | { error: ToldProblem }
  | { done: true } // prettier-ignore

const isBag = (value: unknown): value is Bag => typeof value === 'object' && value !== null && !Array.isArray(value)

/** One line of an answer that comes object by object. */
export function readLine(value: unknown): AnswerLine | undefined {
  if (!isBag(value)) return undefined
  const { object, type, warning, progress, error, done } = value
  if (isBag(object)) return { object }
  if (typeof type === 'string') return { type }
  if (typeof warning === 'string') return { warning }
  if (isBag(progress)) return readProgress(progress)
  if (isBag(error)) {
    const told = readTold(error, error.detail)
    return told && { error: told }
  }
  return done === true ? { done } : undefined
}

function readProgress({ activity, status, percent, secondsRemaining, done }: Bag): AnswerLine | undefined {
  if (typeof activity !== 'string') return undefined
  return {
    progress: {
      activity,
      ...(typeof status === 'string' ? { status } : {}),
      ...(typeof percent === 'number' ? { percent } : {}),
      ...(typeof secondsRemaining === 'number' ? { secondsRemaining } : {}),
      ...(typeof done === 'boolean' ? { done } : {}),
    },
  }
}

/** `{ error: { code, message, innererror: { detail } } }` */
export function readProblem(value: unknown): ToldProblem | undefined {
  if (!isBag(value) || !isBag(value.error)) return undefined
  const { innererror } = value.error
  return readTold(value.error, isBag(innererror) ? innererror.detail : undefined)
}

function readTold({ code, message }: Bag, detail: unknown): ToldProblem | undefined {
  if (typeof code !== 'string' || typeof message !== 'string') return undefined
  return { code, message, detail: isBag(detail) ? detail : {} }
}

/** `{ value: [descriptions] }` */
export function readDescriptions(value: unknown): readonly CmdletDescription[] | undefined {
  if (!isBag(value) || !Array.isArray(value.value)) return undefined
  const list = value.value as unknown[]
  return list.every(isDescription) ? list : undefined
}

function isDescription(value: unknown): value is CmdletDescription {
  if (!isBag(value) || typeof value.name !== 'string' || typeof value.summary !== 'string' || !Array.isArray(value.parameters)) return false
  return (value.parameters as unknown[]).every((one) => isBag(one) && typeof one.name === 'string' && typeof one.type === 'string')
}
