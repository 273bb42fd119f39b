import type { Codec, Field, Shape } from './codec.ts'

/**
 * The least value of a type: empty lists and texts, false, zero, the year 1. For the members that a schema demands even
 * of an answer that says only what went wrong. Types that have none are a defect.
 */
export function emptyOf(codec: Codec<unknown>): unknown {
  const { shape } = codec
  switch (shape.is) {
    case 'text':
      return emptyText(shape)
    case 'record':
      return emptyRecord(shape.fields)
    case 'list':
      return shape.nonEmpty ? emptyFirst(shape) : []
    case 'byType': {
      const [[is, of] = ['', undefined]] = Object.entries(shape.choices)
      return of && { is, value: emptyOf(of) }
    }
    case 'nullable':
      return null
    case 'recursive':
      return emptyOf(shape.of())
    default:
      throw new Error(`there is no empty ${shape.name}`)
  }
}

/** Empty values of the required members alone. */
export function emptyRecord(fields: Readonly<Record<string, Field<unknown>>>): Record<string, unknown> {
  const value: Record<string, unknown> = {}
  for (const [key, field] of Object.entries(fields)) {
    if (field.optional) continue
    if (field.codec) value[key] = field.place === 'repeated' ? [emptyOf(field.codec)] : emptyOf(field.codec)
    else {
      const [first] = Object.entries(field.choices ?? {})
      if (!first) continue
      const one = field.nameOf ? emptyOf(first[1]) : { is: first[0], value: emptyOf(first[1]) }
      value[key] = field.place === 'choices' ? [one] : one
    }
  }
  return value
}

function emptyFirst({ choices, as }: Shape & { is: 'list' }): unknown[] {
  const [first] = Object.entries(choices)
  if (!first) return []
  const value = emptyOf(first[1])
  return [as === 'tagged' ? { is: first[0], value } : value]
}

function emptyText({ of, values }: Shape & { is: 'text' }): unknown {
  if (of === 'tokens') return []
  if (values) return values[0]
  if (of === 'bool') return false
  if (of === 'dateTime') return Date.parse('0001-01-01T00:00:00Z')
  if (of === 'date') return '0001-01-01'
  if (of === 'guid') return '00000000-0000-0000-0000-000000000000'
  if (of === 'long' || of === 'double') return 0
  if (of.startsWith('int')) return Number(of.split(' ')[1] ?? 0)
  if (of === 'time') return '00:00:00'
  if (of === 'duration') return 'PT0S'
  return ''
}
