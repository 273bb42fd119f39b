import { Refusal } from '#model'
import type { CmdletDescription, CmdletHost } from './cmdlets.ts'
import { Thing, type Value } from './values.ts'

const most = 30

/**
 * Names of objects that begin with what was typed, for the completion of a parameter that takes one: of the cmdlet's own kind for `-Identity`, of
 * recipients for the others. None where the kind cannot be listed, or the caller may not.
 */
export function identitiesOf(host: CmdletHost): (cmdlet: string, parameter: string, text: string) => Promise<readonly string[]> {
  return async (cmdlet, parameter, text) => {
    const getter = await listing(host, parameter.toLowerCase() === 'identity' ? cmdlet.replace(/^[A-Za-z]+-/, 'Get-') : 'Get-Recipient')
    if (!getter) return []
    const found: string[] = []
    const invocation = { signal: AbortSignal.timeout(3000), warn: () => undefined, progress: () => undefined }
    try {
      for await (const one of host.invoke(getter.name, asked(getter, text), invocation)) {
        const name = nameOf(one, text)
        if (name !== undefined && !found.includes(name)) found.push(name)
        if (found.length === most) break
      }
    } catch (error) {
      // A question that cannot be answered has no completions; the command itself says why.
      if (!(error instanceof Refusal) && !(error instanceof DOMException)) throw error
    }
    return found
  }
}

async function listing(host: CmdletHost, name: string): Promise<CmdletDescription | undefined> {
  const cmdlet = (await host.describe()).find((each) => each.name.toLowerCase() === name.toLowerCase())
  const isFree = cmdlet?.parameters.every(({ mandatory }) => !mandatory)
  return isFree ? cmdlet : undefined
}

/** As few objects as the cmdlet can be asked for. */
function asked({ parameters }: CmdletDescription, text: string): ReadonlyMap<string, Value> {
  const takes = (name: string) => parameters.some((one) => one.name === name)
  const values = new Map<string, Value>()
  if (takes('ResultSize')) values.set('ResultSize', most)
  const start = text.replaceAll("'", "''").replaceAll('*', '')
  if (takes('Filter') && takes('SortBy')) values.set('Filter', `Alias -like '${start}*' -or Name -like '${start}*'`)
  return values
}

function nameOf(object: Value, text: string): string | undefined {
  if (!(object instanceof Thing)) return undefined
  const names = [object.get('Alias'), object.get('Name'), object.get('Identity')]
  return names.find((name): name is string => typeof name === 'string' && name.toLowerCase().startsWith(text.toLowerCase()))
}
