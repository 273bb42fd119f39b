import type { Configuration, Directory } from '#directory'
import { Refusal, type Caller, type Instant } from '#model'
import type { KeyRing } from '#trust'
import { ownCmdlets } from './cmdlets.ts'
import { parseLine } from './line/parse-line.ts'
import { auditedParameters, type AdminAudit } from './registry/audit.ts'
import { bind, type Element } from './registry/bind.ts'
import type { Cmdlet, CmdletContext, CmdletOutput, ProgressRecord } from './registry/cmdlet.ts'
import { nearest } from './registry/near.ts'

export interface InvokeOptions {
  /** Hears warnings, and what `-WhatIf` would have done. */
  warn?: (message: string) => void
  /** Asks before something is taken away. Absent = nobody can be asked: then it is done, unless `-Confirm` asks for the question. */
  confirm?: (question: string) => Promise<boolean>
  progress?: (record: ProgressRecord) => void
  signal?: AbortSignal
}

export interface Admin {
  /** Every cmdlet, by name. */
  readonly cmdlets: readonly Cmdlet[]
  /**
   * Runs a cmdlet as the caller: the only way in. It runs while its objects are read (`Array.fromAsync`), and is in the audit log once.
   * Unknown → CmdletNotFound; no role for it → AccessDenied; parameters that do not fit → InvalidParameter; else what the cmdlet refuses.
   */
  invoke(caller: Caller, name: string, args: Readonly<Record<string, unknown>>, options?: InvokeOptions): AsyncIterable<object>
  /** The same for one command line. What is no single command → InvalidRequest with its position. */
  run(caller: Caller, line: string, options?: InvokeOptions): AsyncIterable<object>
}

export interface AdminNeeds {
  directory: Directory
  configuration: Configuration
  keyRing: KeyRing
  /** Gets one entry an invocation. */
  audit: (entry: AdminAudit) => void
  clock: () => Instant
  /** Cmdlets of other rooms; one with the name of one of ours takes its place. */
  more?: readonly Cmdlet[]
}

/** Holds every cmdlet of every organisation. */
const allRoles = 'Organization Management'

/** The cmdlets and the one way to run them. */
export function createAdmin(needs: AdminNeeds): Admin {
  const byName = new Map([...ownCmdlets, ...(needs.more ?? [])].map((cmdlet) => [cmdlet.name.toLowerCase(), cmdlet]))
  const cmdlets = [...byName.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))

  function found(name: string): Cmdlet {
    const cmdlet = byName.get(name.trim().toLowerCase())
    if (cmdlet) return cmdlet
    const near = nearest(name, cmdlets.map((each) => each.name)) // prettier-ignore
    const hint = near.length ? ` Near it: ${near.join(', ')}.` : ''
    throw new Refusal('CmdletNotFound', `There is no cmdlet '${name.slice(0, 100)}'.${hint}`, { cmdlet: name.slice(0, 100) })
  }

  async function* execute(caller: Caller, read: () => Command, options: InvokeOptions): AsyncGenerator<object> {
    const started = needs.clock()
    const entry: AdminAudit = {
      event: 'cmdlet',
      organisation: caller.organisation,
      who: caller.address || caller.name || caller.kind,
      cmdlet: '',
      parameters: {},
      whatIf: false,
      outcome: 'ok',
      ms: 0,
    }
    try {
      const { name, elements } = read()
      entry.cmdlet = name.slice(0, 100)
      entry.parameters = auditedParameters(byName.get(name.trim().toLowerCase()), elements)
      const cmdlet = found(name)
      entry.cmdlet = cmdlet.name
      await checkRole(needs.directory, caller, cmdlet)
      const { args, whatIf, confirm } = bind(cmdlet, elements)
      entry.whatIf = whatIf
      if (whatIf) return void options.warn?.(`What if: ${deed(cmdlet, args)}.`)
      if (!(await agreed(cmdlet, args, confirm, options))) return void options.warn?.(`Not done: ${deed(cmdlet, args)}.`)
      yield* objectsOf(cmdlet.run(args, contextFor(needs, caller, options)))
    } catch (error) {
      entry.outcome = error instanceof Refusal ? error.code : 'InternalServerError'
      throw error
    } finally {
      entry.ms = needs.clock() - started
      needs.audit(entry)
    }
  }

  return {
    cmdlets,
    invoke: (caller, name, args, options = {}) =>
      execute(
        caller,
        () => ({ name, elements: Object.entries(args).map(([parameter, value]): Element => ({ parameter, value: value ?? null })) }),
        options,
      ),
    run: (caller, line, options = {}) => execute(caller, () => parseLine(line), options),
  }
}

interface Command {
  name: string
  elements: Element[]
}

function contextFor({ directory, configuration, keyRing, clock }: AdminNeeds, caller: Caller, options: InvokeOptions): CmdletContext {
  return {
    caller,
    organisation: caller.organisation,
    directory,
    configuration,
    keyRing,
    clock,
    warn: options.warn ?? (() => undefined),
    progress: options.progress ?? (() => undefined),
    mayChange: () => undefined,
    maySee: () => undefined,
    signal: options.signal ?? new AbortController().signal,
  }
}

/** The server itself may do everything; a person what their roles hold; someone acting for another, and everybody else, nothing. */
async function checkRole(directory: Directory, caller: Caller, cmdlet: Cmdlet): Promise<void> {
  if (caller.kind === 'system') return
  const person = caller.kind === 'user' && !caller.actor ? await directory.recipient(caller.organisation, caller.recipient) : undefined
  const held = new Set(person?.roles ?? [])
  if (held.has(allRoles) || cmdlet.roles.some((role) => held.has(role))) return
  throw new Refusal('AccessDenied', `${cmdlet.name} is for holders of ${[allRoles, ...cmdlet.roles].join(', ')}.`, { cmdlet: cmdlet.name })
}

async function agreed(
  cmdlet: Cmdlet,
  args: Record<string, unknown>,
  confirm: boolean | undefined,
  { confirm: ask }: InvokeOptions,
): Promise<boolean> {
  if (!(confirm ?? (cmdlet.destroys === true && ask !== undefined))) return true
  if (ask) return ask(`${deed(cmdlet, args)}?`)
  throw new Refusal(
    'InvalidParameter',
    `-Confirm of ${cmdlet.name} asks, and nobody can be asked here: leave it out, or say -Confirm:$false.`,
    {
      cmdlet: cmdlet.name,
      parameter: 'Confirm',
    },
  )
}

function deed(cmdlet: Cmdlet, args: Record<string, unknown>): string {
  const target = args.Identity ?? args.Name ?? args.DomainName
  return typeof target === 'string' ? `${cmdlet.name} on '${target}'` : cmdlet.name
}

async function* objectsOf(output: CmdletOutput): AsyncGenerator<object> {
  if (Symbol.asyncIterator in output) return void (yield* output)
  const found = await output
  if (Array.isArray(found)) yield* found as readonly object[]
  else if (found) yield found
}
