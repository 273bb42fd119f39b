import type { Recipient } from '#directory'
import type { CmdletContext } from '../registry/cmdlet.ts'
import type { Parameter, Parameters } from '../registry/parameter.ts'
import type { Change, RecipientProperty } from './property.ts'

export type Bag = Readonly<Record<string, unknown>>

/** Parameters for rows of the table. */
export function parametersFor(rows: readonly RecipientProperty[]): Record<string, Parameter<unknown, 'optional'>> {
  return Object.fromEntries(rows.map(({ name, parameter }) => [name, parameter])) satisfies Parameters
}

/** What the arguments ask to be changed, with everybody they name looked up. Warns of what is kept and not acted on. */
export async function changesOf(
  rows: readonly RecipientProperty[],
  args: Bag,
  context: CmdletContext,
  current: Recipient | undefined,
): Promise<Change[]> {
  const changes: Change[] = []
  const kept: string[] = []
  for (const { name, set, kept: isKept } of rows) {
    if (args[name] === undefined) continue
    if (isKept) kept.push(`-${name}`)
    changes.push(await set(args[name], context, current))
  }
  if (kept.length > 0) context.warn(`Kept and shown, but nothing acts on it yet: ${kept.join(', ')}.`)
  return changes
}

/** Several changes as one, each seeing what those before it did. */
export function together(changes: readonly Change[]): Change {
  return (current) => {
    let all: Partial<Recipient> = {}
    for (const change of changes) all = { ...all, ...change({ ...current, ...all }) }
    return all
  }
}
