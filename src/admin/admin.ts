import type { Rights, Roles } from '#access'
import type { Configuration, Directory, RandomBytes } from '#directory'
import { nearest, Refusal, type Caller, type Instant } from '#model'
import type { Store } from '#store'
import type { KeyRing } from '#trust'
import { auditCmdlets } from './audit/index.ts'
import { createAuditLog, type AuditLog } from './audit/log.ts'
import { ownCmdlets } from './cmdlets.ts'
import { contextFor } from './context.ts'
import { guardOfHolders } from './holders.ts'
import { auditedParameters, type AdminAudit } from './registry/audit.ts'
import { bind, type Written } from './registry/bind.ts'
import type { Cmdlet, CmdletContext, CmdletOutput, ProgressRecord } from './registry/cmdlet.ts'
import { changesOf, type Guards } from './scoped-directory.ts'
import {
  checkSecondFactor,
  checkStepUp,
  defaultSignInPolicy,
  reachOf,
  rememberPermitted,
  standingOf,
  wholeReach,
  type Permitted,
  type Reach,
  type SignInPolicy,
} from './rights.ts'
import { createEntries } from './roles/entries.ts'
import { roleCmdlets } from './roles/index.ts'

export interface InvokeOptions {
  /** Hears warnings, and what `-WhatIf` would have done. */
  warn?: (message: string) => void
  /** Asks before something is taken away. Absent = nobody can be asked: then it is done, unless `-Confirm` asks for the question. */
  confirm?: (question: string) => Promise<boolean>
  progress?: (record: ProgressRecord) => void
  signal?: AbortSignal
  /** Hears what lets the caller run it, as `standing` says it, before the cmdlet begins. */
  permitted?: (standing: string) => void
}

export interface Admin {
  /** Every cmdlet, by name. */
  readonly cmdlets: readonly Cmdlet[]
  /** The cmdlets that the caller may run, each with the parameters alone that the caller may use. */
  cmdletsFor(caller: Caller): Promise<readonly Cmdlet[]>
  /**
   * Runs a cmdlet as the caller: the only way in. It runs while its objects are read (`Array.fromAsync`), and is in the audit log once.
   * Unknown → CmdletNotFound; no role for it → AccessDenied; parameters that do not fit, or that no role of the caller has →
   * InvalidParameter; a second factor that was not shown → SecondFactorRequired, StepUpRequired; a recipient out of reach → OutOfScope;
   * else what the cmdlet refuses.
   */
  invoke(caller: Caller, name: string, args: Readonly<Record<string, unknown>>, options?: InvokeOptions): AsyncIterable<object>
  /**
   * A word for what lets the caller run this cmdlet now: roles, their parameters and scopes. What began under one word may not go on under
   * another. Refuses who may not run it as `invoke` does.
   */
  standing(caller: Caller, name: string): Promise<string>
  /** Whether the caller has to show the factors anew before this cmdlet runs. Refuses who may not run it as `invoke` does; is in no log. */
  asksAgain(caller: Caller, name: string): Promise<boolean>
}

export interface AdminNeeds {
  directory: Directory
  configuration: Configuration
  keyRing: KeyRing
  roles: Roles
  store: Store
  random: RandomBytes
  signInPolicy?: SignInPolicy
  /** Gets one entry an invocation. */
  audit: (entry: AdminAudit) => void
  clock: () => Instant
  /** Cmdlets of other rooms; one with the name of one of ours takes its place. */
  more?: readonly Cmdlet[]
}

/** The cmdlets and the one way to run them. */
export function createAdmin(needs: AdminNeeds): Admin {
  const auditLog = createAuditLog(needs)
  const own = [...ownCmdlets, ...roleCmdlets(() => entries), ...auditCmdlets(auditLog)]
  const byName = new Map([...own, ...(needs.more ?? [])].map((cmdlet) => [cmdlet.name.toLowerCase(), cmdlet]))
  const cmdlets = [...byName.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const entries = createEntries(cmdlets)
  const permitted = rememberPermitted(entries)
  const policy = needs.signInPolicy ?? defaultSignInPolicy

  const visible = (rights: Rights | undefined) => (rights ? cmdlets.flatMap((each) => permitted(rights, each)?.cmdlet ?? []) : cmdlets)

  function found(name: string, rights: Rights | undefined): Cmdlet {
    const cmdlet = byName.get(name.trim().toLowerCase())
    if (cmdlet) return cmdlet
    const near = nearest(name, visible(rights).map((each) => each.name)) // prettier-ignore
    const hint = near.length ? ` Near it: ${near.join(', ')}.` : ''
    throw new Refusal('CmdletNotFound', `There is no cmdlet '${name.slice(0, 100)}'.${hint}`, { cmdlet: name.slice(0, 100) })
  }

  /** Who may not run it at all → AccessDenied; a second factor that is missing → SecondFactorRequired. */
  async function allowed(caller: Caller, rights: Rights, cmdlet: Cmdlet): Promise<Permitted> {
    const held = caller.via ? undefined : permitted(rights, cmdlet)
    if (!held) throw new Refusal('AccessDenied', `${cmdlet.name} is for holders of ${holders(cmdlet)}.`, { cmdlet: cmdlet.name })
    await checkSecondFactor(policy, caller, rights, cmdlet)
    return held
  }

  async function* execute(caller: Caller, name: string, written: Written, options: InvokeOptions): AsyncGenerator<object> {
    const started = needs.clock()
    const entry = entryOf(caller)
    let end: Awaited<ReturnType<AuditLog['begin']>>
    let began = false
    try {
      entry.cmdlet = name.slice(0, 100)
      entry.parameters = auditedParameters(byName.get(name.trim().toLowerCase()), written)
      const rights = caller.kind === 'system' ? undefined : await needs.roles.rightsOf(caller)
      const cmdlet = found(name, rights)
      entry.cmdlet = cmdlet.name
      const held = rights && (await allowed(caller, rights, cmdlet))
      const { args, given, whatIf, confirm } = bound(cmdlet, held?.cmdlet ?? cmdlet, written)
      entry.whatIf = whatIf
      options.permitted?.(standingOf(held))
      if (rights) await checkStepUp(policy, caller, cmdlet, given, needs.clock())
      const target = args.Identity ?? args.Name ?? args.Mailbox
      if (typeof target === 'string' && cmdlet.changes) entry.objectModified = target.slice(0, 200)
      const reach = held ? reachOf(held, given) : wholeReach
      const guards = guardsOf(needs, caller, rights, cmdlet, reach, entry)
      if (cmdlet.changes && !reach.everywhere)
        await checkTarget(contextFor(rooms, caller, rights, wholeReach, guards, options), args, guards)
      if (whatIf) {
        options.warn?.(`What if: ${deed(cmdlet, args)}.`)
        if (cmdlet.preview) yield* objectsOf(cmdlet.preview(args, contextFor(rooms, caller, rights, reach, guards, options)))
        return
      }
      if (!(await agreed(cmdlet, args, confirm, options))) return void options.warn?.(`Not done: ${deed(cmdlet, args)}.`)
      began = true
      if (isAudited(cmdlet)) end = await auditLog.begin(entry)
      // Whoever leaves before the end has not seen it done.
      if (cmdlet.changes) entry.outcome = 'RequestAborted'
      yield* objectsOf(cmdlet.run(args, contextFor(rooms, caller, rights, reach, guards, options)))
      entry.outcome = 'ok'
    } catch (error) {
      entry.outcome = error instanceof Refusal ? error.code : 'InternalServerError'
      if (error instanceof Refusal) entry.error = error.message.slice(0, 1000)
      throw error
    } finally {
      entry.ms = needs.clock() - started
      needs.audit(entry)
      if (end) await end(entry)
      else if (isRefusedAttempt(entry.outcome) && (began ? !entry.cmdlet.startsWith('Get-') : true)) await auditLog.refused(entry)
    }
  }

  const rooms = { ...needs, run: execute }
  const cmdletsFor = async (caller: Caller) =>
    caller.kind === 'system' ? cmdlets : caller.via ? [] : visible(await needs.roles.rightsOf(caller))

  return {
    cmdlets,
    cmdletsFor,
    invoke: (caller, name, args, options = {}) => execute(caller, name, args, options),
    async standing(caller, name) {
      if (caller.kind === 'system') return standingOf(undefined)
      const rights = await needs.roles.rightsOf(caller)
      return standingOf(await allowed(caller, rights, found(name, rights)))
    },
    async asksAgain(caller, name) {
      if (caller.kind === 'system') return false
      const rights = await needs.roles.rightsOf(caller)
      const { cmdlet } = await allowed(caller, rights, found(name, rights))
      try {
        await checkStepUp(policy, caller, cmdlet, [], needs.clock())
        return false
      } catch (error) {
        if (error instanceof Refusal && error.code === 'StepUpRequired') return true
        throw error
      }
    },
  }
}

function entryOf({ organisation, address, name, kind, remoteAddress, client }: Caller): AdminAudit {
  return {
    ...{ event: 'cmdlet', organisation, who: address || name || kind, cmdlet: '', parameters: {}, whatIf: false },
    ...(remoteAddress ? { remoteAddress } : {}),
    ...(client ? { client: client.slice(0, 200) } : {}),
    ...{ outcome: 'ok', ms: 0 },
  }
}

/** The roles, as a refusal names them. */
function holders({ roles }: Cmdlet): string {
  return roles.length > 0 ? roles.map((role) => `the role '${role}'`).join(' or ') : 'nobody but the server itself'
}

/** All but what only looks; Export- opens somebody's mail. */
const isAudited = ({ name, changes }: Cmdlet) => changes || /^(Test|Export)-/.test(name)

const isRefusedAttempt = (outcome: string) =>
  outcome === 'AccessDenied' || outcome === 'OutOfScope' || outcome === 'SecondFactorRequired' || outcome === 'StepUpRequired'

/** Binds to the parameters that the caller may use; those that it may not keep their defaults. */
function bound(cmdlet: Cmdlet, allowed: Cmdlet, written: Written): ReturnType<typeof bind> {
  const found = bind(allowed, written)
  for (const [name, { fallback }] of Object.entries(cmdlet.parameters)) if (fallback !== undefined) found.args[name] ??= fallback
  return found
}

/** Roles whose holders may change who is in a group that gives rights. */
const forMembersOfGroupsWithRights = ['Role Management', 'Security Group Creation and Membership']

function guardsOf(
  { directory, roles }: AdminNeeds,
  caller: Caller,
  rights: Rights | undefined,
  cmdlet: Cmdlet,
  reach: Reach,
  entry: AdminAudit,
): Guards {
  const inReach = changesOf(cmdlet.name, reach)
  const mayChangeHolder = guardOfHolders({ roles, directory }, caller, rights, cmdlet.name)
  return {
    inReach,
    async mayChange(recipient) {
      inReach(recipient)
      await mayChangeHolder(recipient)
    },
    async mayChangeMembers(group) {
      if (!rights || rights.grants.some(({ role }) => forMembersOfGroupsWithRights.includes(role.root))) return
      const above = [group, ...(await directory.groupsOf(caller.organisation, group))]
      if (!above.some((id) => rights.state.memberOf.has(id) || rights.state.held.has(id))) return
      throw new Refusal(
        'AccessDenied',
        `This group gives management roles to its members: who is in it is for holders of ${forMembersOfGroupsWithRights.join(' or ')}.`,
        { cmdlet: cmdlet.name },
      )
    },
    changed: ({ address, displayName }) => void (entry.objectModified = address || displayName),
  }
}

/** The recipient that a command names is within reach, whatever the cmdlet then does with it. */
async function checkTarget(context: CmdletContext, args: Record<string, unknown>, { inReach }: Guards): Promise<void> {
  for (const named of [args.Identity, args.Mailbox]) {
    if (typeof named !== 'string') continue
    // `mary:\Calendar` names a folder of mary.
    const found = await context.directory.identify(context.organisation, named.split(':\\', 1)[0] ?? '')
    for (const recipient of found) inReach(recipient)
  }
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
