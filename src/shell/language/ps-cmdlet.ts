import { Thing, type Value } from '../values.ts'
import type { Bound } from './bind.ts'
import { toBoolean, toText } from './convert.ts'
import { ScriptError } from './problem.ts'
import { soon, type Frame } from './runtime.ts'
import type { Scope } from './scope.ts'
import type { Body } from './tree.ts'

/** `$PSCmdlet` of a function with `[CmdletBinding()]`: whether it should do what it is about to do. */
export class PsCmdlet extends Thing {
  readonly command: string
  readonly isWhatIf: boolean
  readonly asks: boolean
  constructor(command: string, isWhatIf: boolean, asks: boolean) {
    super([['ParameterSetName', '__AllParameterSets']], ['System.Management.Automation.PSScriptCmdlet']) // prettier-ignore
    this.command = command
    this.isWhatIf = isWhatIf
    this.asks = asks
  }
}

/** -WhatIf and -Confirm, else the preferences around it, as a cmdlet takes them. */
export function psCmdlet(command: string, { asks, asksAlways }: NonNullable<Body['binding']>, bound: Bound, scope: Scope): PsCmdlet {
  const preference = toText(scope.find('ConfirmPreference')?.value ?? 'High').toLowerCase()
  const isWhatIf = asks && toBoolean(bound.common.get('WhatIf') ?? scope.find('WhatIfPreference')?.value ?? false)
  const confirm = bound.common.get('Confirm')
  const usually = preference !== 'none' && (asksAlways || preference !== 'high')
  return new PsCmdlet(command, isWhatIf, asks && (confirm === undefined ? usually : toBoolean(confirm)))
}

type Method = (self: PsCmdlet, args: readonly Value[], frame: Frame) => Value | Promise<Value>

export const psCmdletMethods: Readonly<Record<string, Method>> = {
  shouldprocess: async (self, [target, action], { run }) => {
    const what = `Performing the operation "${toText(action ?? self.command)}" on target "${toText(target ?? '')}".`
    if (self.isWhatIf) {
      await run.session.options.terminal.write(`What if: ${what}\n`)
      return false
    }
    return !self.asks || isYes(`Confirm\nAre you sure you want to perform this action?\n${what}`, run)
  },
  shouldcontinue: (_, [query, caption], { run }) => isYes([caption, query].map((one) => toText(one ?? '')).filter(Boolean).join('\n'), run), // prettier-ignore
  throwterminatingerror: (_, [record]) => {
    const message = toText(record ?? '')
    throw new ScriptError(message, { ends: 'script', ...(record instanceof Thing && record.has('Exception') ? { record } : {}) })
  },
  writewarning: async (_, [text], { streams }) => (await streams.say('warning', toText(text ?? '')), null),
  writeverbose: async (_, [text], { streams }) => (await streams.say('verbose', toText(text ?? '')), null),
}

/** The end of input means no. */
async function isYes(question: string, run: Frame['run']): Promise<boolean> {
  const answer = await soon(
    run.session.options.terminal.readLine(`${question}\n[Y] Yes  [N] No (default is "Y"): `, run.signal),
    run.signal,
  )
  return answer !== undefined && /^(y|yes)?$/i.test(answer.trim())
}
