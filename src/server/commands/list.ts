/** An object as a list of its properties, one a line, as `Format-List` shows it. */
export function listOf(object: Record<string, unknown>): string {
  const width = Math.max(...Object.keys(object).map((name) => name.length), 1)
  return Object.entries(object)
    .map(([name, value]) => `${name.padEnd(width)} : ${shown(value)}`)
    .join('\n')
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (Array.isArray(value)) return `{${value.map(shown).join(', ')}}`
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
