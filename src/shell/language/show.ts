import { Refusal } from '#model'
import type { CmdletDescription } from '../cmdlets.ts'
import type { View, ViewOptions } from '../contract.ts'
import type { Value } from '../values.ts'
import { toPlainNumber } from './convert.ts'
import type { Frame } from './runtime.ts'

export const refuseFiles = () => new Refusal('NotInLanguage', 'This shell has no files.')

/** Descriptions of the server's cmdlets by the name of the type they give. */
export async function describer(frame: Frame): Promise<(type: string) => CmdletDescription | undefined> {
  const byType = new Map<string, CmdletDescription>()
  for (const one of (await frame.run.session.cmdlets()).values()) if (one.returns && !byType.has(one.returns.toLowerCase())) byType.set(one.returns.toLowerCase(), one) // prettier-ignore
  return (type) => byType.get(type.toLowerCase())
}

/** `$FormatEnumerationLimit`. */
export function enumerationLimit(frame: Frame): number {
  return toPlainNumber(frame.scope.find('FormatEnumerationLimit')?.value ?? 4)
}

/** What a view shows of objects, line by line. */
export async function* shownLines(
  objects: AsyncIterable<Value>,
  frame: Frame,
  view: 'default' | 'table' | 'list' | 'wide' | 'custom',
  options: Partial<ViewOptions> = {},
): AsyncGenerator<string, void, undefined> {
  const { formats, terminal } = frame.run.session.options
  const show: View = formats[view]
  yield* show(objects, { width: terminal.width, enumerationLimit: enumerationLimit(frame), describe: await describer(frame), ...options })
}
