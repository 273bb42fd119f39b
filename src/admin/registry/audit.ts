import { Refusal } from '#model'
import { isSecret, parameterNamed, type Written } from './bind.ts'
import type { Cmdlet } from './cmdlet.ts'

/** What the audit log has of one invocation. */
export interface AdminAudit {
  event: 'cmdlet'
  organisation: string
  /** Address of the caller, or what it is. */
  who: string
  cmdlet: string
  /** As written, each in short; secrets and what was not understood masked. */
  parameters: Record<string, string>
  whatIf: boolean
  /** Identity of what was changed, as far as it is known. */
  objectModified?: string
  remoteAddress?: string
  /** What the client called itself. */
  client?: string
  /** Message of a refusal. */
  error?: string
  /** `ok`, the refusal's code, or `InternalServerError`. */
  outcome: string
  ms: number
}

/** What stands for a secret. */
export const masked = '******'
const longest = 500

/** The parameters as the audit log has them. What cannot be told from a secret is masked. */
export function auditedParameters(cmdlet: Cmdlet | undefined, written: Written): Record<string, string> {
  return Object.fromEntries(
    Object.entries(written)
      .slice(0, 100)
      .map(([word, value]) => {
        const { name, secret } = told(cmdlet, word)
        return [name, inShort(value, secret)]
      }),
  )
}

function told(cmdlet: Cmdlet | undefined, written: string): { name: string; secret: boolean } {
  const short = written.slice(0, 60)
  if (!cmdlet) return { name: short, secret: true }
  try {
    const { name, parameter } = parameterNamed(cmdlet, written)
    return { name, secret: isSecret(parameter) }
  } catch (error) {
    if (error instanceof Refusal) return { name: short, secret: true }
    throw error
  }
}

function inShort(value: unknown, secret: boolean): string {
  if (secret) return masked
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}
