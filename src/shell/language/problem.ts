import { Refusal } from '#model'
import { Thing, type Value } from '../values.ts'

/** How a loop, a function or the script is left. Not an Error: nothing went wrong, and no stack is kept. */
export class Jump {
  readonly kind: 'break' | 'continue' | 'return' | 'exit'
  readonly label: string | undefined
  readonly code: number
  constructor(kind: Jump['kind'], label?: string, code = 0) {
    this.kind = kind
    this.label = label
    this.code = code
  }
}

export interface ErrorDetails {
  /** `FullyQualifiedErrorId`. */
  id?: string
  category?: string
  target?: Value
  /** .NET name of the exception, which `catch [type]` compares. */
  exception?: string
}

/** An error of a script. It ends the statement, or (`throw`, `-ErrorAction Stop`) the script, unless it is caught. */
export class ScriptError extends Error {
  readonly record: Thing
  readonly ends: 'statement' | 'script'
  /** The answer of a server, or the refusal of the shell, that it comes from. */
  readonly refusal: Refusal | undefined

  constructor(message: string, details: ErrorDetails & { ends?: 'statement' | 'script'; refusal?: Refusal; record?: Thing } = {}) {
    super(message)
    this.name = 'ScriptError'
    this.record = details.record ?? errorRecord(message, details)
    this.ends = details.ends ?? 'statement'
    this.refusal = details.refusal ?? (this.record instanceof ErrorRecord ? this.record.refusal : undefined)
    if (details.refusal && this.record instanceof ErrorRecord) this.record.refusal = details.refusal
  }
}

/** What `$_` is in a `catch`; knows the refusal that it comes from. */
class ErrorRecord extends Thing {
  refusal: Refusal | undefined
}

const exceptionType = 'System.Management.Automation.RuntimeException'

/** What `$_` is in a `catch` and what `$error` holds (System.Management.Automation.ErrorRecord). */
export function errorRecord(
  message: string,
  { id = 'RuntimeException', category = 'OperationStopped', target = null, exception }: ErrorDetails,
): Thing {
  const types = [...(exception ? [exception] : []), exceptionType, 'System.SystemException', 'System.Exception']
  const type = types[0]!
  return new ErrorRecord(
    [
      ['Exception', new Thing([['Message', message], ['HResult', -2146233087], ['InnerException', null]], types, `${type}: ${message}`)],
      ['TargetObject', target],
      [
        'CategoryInfo',
        new Thing(
          [['Category', category], ['Activity', ''], ['Reason', type.split('.').at(-1)!], ['TargetName', typeof target === 'string' ? target : '']],
          ['System.Management.Automation.ErrorCategoryInfo'],
          `${category}: (:) [], ${type.split('.').at(-1)}`,
        ),
      ],
      ['FullyQualifiedErrorId', id],
      ['ErrorDetails', null],
      ['InvocationInfo', null],
      ['ScriptStackTrace', ''],
    ],
    ['System.Management.Automation.ErrorRecord'],
    message,
  ) // prettier-ignore
}

/** Answers that no script can catch: limits, what is left out of the language, what the reader could not read. */
const final: readonly string[] = ['ScriptLimit', 'NotInLanguage', 'RequestAborted']

/** An error of a script for whatever was thrown; undefined for what goes past every `catch` (jumps, limits, cancelling, defects). */
export function asScriptError(thrown: unknown): ScriptError | undefined {
  if (thrown instanceof ScriptError) return thrown
  if (!(thrown instanceof Refusal) || final.includes(thrown.code)) return undefined
  return new ScriptError(thrown.message, { id: thrown.code, category: categories[thrown.kind], exception: exceptions[thrown.code] ?? `Isthmus.${thrown.code}Exception`, refusal: thrown }) // prettier-ignore
}

const categories: Readonly<Record<Refusal['kind'], string>> = {
  invalid: 'InvalidArgument', notFound: 'ObjectNotFound', denied: 'PermissionDenied', unauthenticated: 'AuthenticationError', conflict: 'ResourceExists',
  tooLarge: 'LimitsExceeded', busy: 'ResourceBusy', unsupported: 'NotImplemented', internal: 'NotSpecified',
} // prettier-ignore
const exceptions: Readonly<Record<string, string>> = {
  CmdletNotFound: 'System.Management.Automation.CommandNotFoundException',
  InvalidParameter: 'System.Management.Automation.ParameterBindingException',
  ObjectNotFound: 'Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException',
  AccessDenied: 'System.UnauthorizedAccessException',
}

/** The answer to whoever ran a script that an error ended. */
export function asRefusal(error: ScriptError): Refusal {
  return error.refusal ?? new Refusal('ScriptProblem', error.message, { id: String(error.record.get('FullyQualifiedErrorId')) })
}

export function castProblem(value: string, type: string): ScriptError {
  const shown = value.length > 60 ? `${value.slice(0, 60)}…` : value
  return new ScriptError(`Cannot convert value "${shown}" to type "${type}".`, {
    id: 'InvalidCast',
    category: 'InvalidArgument',
    exception: 'System.InvalidCastException',
  })
}
