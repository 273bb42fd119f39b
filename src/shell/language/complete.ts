import type { Completion } from '../contract.ts'
import type { Session } from './runtime.ts'

/** What can stand at a place of a text. */
export async function complete(session: Session, text: string, position: number): Promise<Completion[]> {
  const word = /[^\s|;({]*$/.exec(text.slice(0, position))?.[0] ?? ''
  const names = [
    ...[...session.commands.values()].map((row) => row.name),
    ...[...(await session.cmdlets()).values()].map((one) => one.name),
  ]
  return names
    .filter((name) => name.toLowerCase().startsWith(word.toLowerCase()))
    .map((name) => ({ text: name, label: name, start: position - word.length, end: position, kind: 'cmdlet' }))
}
