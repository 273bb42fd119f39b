/** A cmdlet with its parameters as the line of the shell that does the same. */
import type { CmdletDescription, Parameters } from './cmdlets.ts'

const plainWord = /^[\p{L}][\p{L}\p{N}_.@-]*$/u

/** The line. A secret is not in it: the line asks for it. */
export function commandText(name: string, parameters: Parameters, description?: CmdletDescription): string {
  const typeOf = (parameter: string) => description?.parameters.find((one) => one.name.toLowerCase() === parameter.toLowerCase())?.type
  const written = Object.entries(parameters).map(([parameter, value]) => {
    const type = typeOf(parameter) ?? (parameter === 'WhatIf' ? 'switch' : undefined)
    if (type === 'switch') return value === true ? `-${parameter}` : `-${parameter}:$false`
    if (type === 'secureString') return `-${parameter} (Read-Host '${parameter}' -AsSecureString)`
    if (type === 'credential') return `-${parameter} (Get-Credential)`
    if (type === 'file') return `-${parameter} ([Convert]::FromBase64String('${String(value)}'))`
    return `-${parameter} ${valueText(value)}`
  })
  return [name, ...written].join(' ')
}

function valueText(value: unknown): string {
  if (value === null || value === undefined) return '$null'
  if (typeof value === 'boolean') return `$${value}`
  if (typeof value === 'number') return String(value)
  if (Array.isArray(value)) return value.length === 0 ? '@()' : value.map(valueText).join(',')
  if (typeof value === 'object') {
    const entries = Object.entries(value).map(([key, each]) => `${key}=${quoted(each)}`)
    return `@{${entries.join('; ')}}`
  }
  const text = String(value)
  return plainWord.test(text) ? text : inQuotes(text)
}

/** In a table a word without quotes would be a command. */
function quoted(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '@()' : value.map(quoted).join(',')
  return typeof value === 'string' ? inQuotes(value) : valueText(value)
}

/** The shell takes the typographic quotes for quotes as well. */
const inQuotes = (text: string): string => `'${text.replaceAll(/['\u2018\u2019\u201a\u201b]/g, '$&$&')}'`
