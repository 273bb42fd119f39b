import type { Roles } from '#access'
import type { Directory, Recipient } from '#directory'
import { restrictionOf, type HoldRun, type ItemRef, type MailboxHold, type Mailboxes } from '#mailbox'
import { Refusal, type Caller, type Instant } from '#model'
import type { JobKind } from '../audit/search-job.ts'
import { nameOf } from '../recipients/find.ts'
import { freshFolder, mostListed, resultsFolder, tell, type ResultVerbs } from './search-results.ts'

export const mailboxSearchKind = 'MailboxSearch'
const usualPerStep = 2000
/** How often is looked for what moved meanwhile, so that nobody keeps a search from its end by moving things. */
const mostRounds = 10

/** A search that runs, as its job keeps it: what was asked when it began, and how far it is. */
export interface SearchRun {
  run: string
  /** Who began it: what it does is theirs. */
  actor: Caller
  search: MailboxHold
  /** Index of the mailbox that is looked at. */
  at: number
  /** Numbers of folders in the mailbox that takes what is found: of the search, and of this mailbox below it. */
  root?: number
  folder?: number
  /** Of this mailbox: what was found in it when it was first looked at and the highest number then, and how far the copying is. */
  found?: { items: number; begun: number; upTo: number; copied: number; rounds: number }
  /** Of the mailboxes before it. */
  items: number
  size: number
  gone: number
}

interface Needs {
  mailboxes: ResultVerbs & Pick<Mailboxes, 'everythingFound' | 'mailboxHolds' | 'changeMailboxHold'>
  directory: Pick<Directory, 'recipient' | 'recipientOfMailbox' | 'callerFor'>
  roles: Pick<Roles, 'rightsOf'>
  clock: () => Instant
  /** Items that one step copies: then it says how far it is. 2000 unless said. */
  perStep?: number
}

/**
 * Runs searches over mailboxes: one mailbox after the other is counted, and copied to the discovery mailbox in steps of bounded work, which may
 * die anywhere and be repeated. A search that was stopped, forgotten or begun anew meanwhile goes no further.
 */
export function mailboxSearchJob(needs: Needs): JobKind {
  const { mailboxes, clock } = needs
  return {
    kind: mailboxSearchKind,
    atOnce: 2,
    async run({ state }) {
      const run = state as unknown as SearchRun
      const caller = run.actor
      const search = (await mailboxes.mailboxHolds(caller)).find(({ id }) => id === run.search.id)
      if (search?.run?.id !== run.run || search.run.status !== 'InProgress') return undefined
      try {
        const next = await step(needs, caller, run, search.run)
        if (next) return { state: { ...next }, due: clock() }
        const status = isCopied(run) ? 'Succeeded' : 'EstimateSucceeded'
        await ended(needs, caller, run, { status, items: run.items, size: run.size })
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        await ended(needs, caller, run, { status: 'Failed', items: run.items, size: run.size, error: error.message })
      }
      return undefined
    },
  }
}

const isCopied = ({ search }: SearchRun): boolean => search.target !== undefined && search.estimateOnly !== true

/** Writes down how a run ended, unless somebody stopped it before. */
async function ended(
  { mailboxes, clock }: Needs,
  caller: Caller,
  { run, search }: SearchRun,
  end: Pick<HoldRun, 'status' | 'items' | 'size' | 'error'>,
): Promise<void> {
  await mailboxes.changeMailboxHold(caller, search.id, (before) => {
    if (before?.run?.id !== run || before.run.status !== 'InProgress') return before
    return { ...before, run: { ...before.run, ...end, ended: clock() } }
  })
}

/** One step; what is left to do, or undefined when all is done. */
async function step(needs: Needs, caller: Caller, run: SearchRun, begun: HoldRun): Promise<SearchRun | undefined> {
  const { mailboxes, directory } = needs
  const { search, at } = run
  const mayReach = await reachOf(needs, caller)
  const target = isCopied(run) ? await targetOf(needs, caller, search, mayReach) : undefined
  if (target !== undefined && run.root === undefined) {
    return { ...run, root: (await resultsFolder(mailboxes, caller, target, search.id)).id }
  }
  const mailbox = search.mailboxes[at]
  if (mailbox === undefined) {
    if (target !== undefined) await tellOf(needs, caller, run, begun, { mailbox: target, id: run.root! })
    return undefined
  }
  const { folder, found, ...rest } = run
  const onwards = { ...rest, at: at + 1 }
  const owner = await directory.recipientOfMailbox(caller.organisation, mailbox)
  // Somebody's whose mailbox was taken away since.
  if (!owner) return onwards
  mayReach(owner)
  if (found === undefined || folder === undefined || target === undefined) {
    const all = await foundIn(needs, caller, search, mailbox)
    const counted = { items: run.items + all.length, size: run.size + all.reduce((sum, { size }) => sum + size, 0) }
    if (target === undefined || all.length === 0) return { ...onwards, ...counted }
    const made = await freshFolder(mailboxes, caller, { mailbox: target, id: run.root! }, nameOf(owner), begun.started)
    const begunAt = all.reduce((highest, { ref }) => Math.max(highest, ref.id), 0)
    return { ...run, ...counted, folder: made.id, found: { items: all.length, begun: begunAt, upTo: 0, copied: 0, rounds: 0 } }
  }
  const limit = needs.perStep ?? usualPerStep
  const next = await foundIn(needs, caller, search, mailbox, { after: found.upTo, limit })
  const what = { mailbox, items: next.map(({ ref }) => ref.id), run: run.run, begun: found.begun }
  let { copied } = found
  for await (const { sum } of mailboxes.copyFound(caller, what, { mailbox: target, id: folder })) copied = sum
  const upTo = next.at(-1)?.ref.id ?? found.upTo
  const rounds = found.rounds + (upTo > found.begun && next.length < limit ? 1 : 0)
  if (next.length > 0 && rounds < mostRounds) return { ...run, found: { ...found, copied, upTo, rounds } }
  return { ...onwards, gone: run.gone + Math.max(0, found.items - copied) }
}

/** Refuses whom the roles of whoever began the search do not reach (any more): nobody lost, and no role taken away, searches on. */
async function reachOf({ directory, roles }: Needs, { organisation, actor }: Caller): Promise<(owner: Recipient) => void> {
  if (!actor) return () => undefined
  const person = await directory.recipient(organisation, actor.recipient)
  const grants = person ? (await roles.rightsOf(await directory.callerFor(person))).grants : []
  return (owner) => {
    if (grants.some((grant) => grant.role.root === 'Mailbox Search' && grant.reaches(owner))) return
    throw new Refusal(
      'AccessDenied',
      `${actor.address}, who began the search, may not search the mailbox of '${nameOf(owner)}' (any more).`,
    )
  }
}

/** The discovery mailbox that takes what is found; it may have been taken away since → ObjectNotFound. */
async function targetOf(
  { directory }: Needs,
  caller: Caller,
  { target = '' }: MailboxHold,
  mayReach: (owner: Recipient) => void,
): Promise<string> {
  const owner = await directory.recipientOfMailbox(caller.organisation, target)
  if (owner?.kind === 'DiscoveryMailbox') {
    mayReach(owner)
    return target
  }
  throw new Refusal('ObjectNotFound', 'The mailbox that was to take what is found is no discovery mailbox (any more).', { kind: 'Mailbox' })
}

async function foundIn(
  { mailboxes }: Needs,
  caller: Caller,
  search: MailboxHold,
  mailbox: string,
  page?: { after: number; limit: number },
) {
  const restriction = restrictionOf(search)
  return mailboxes.everythingFound(caller, { mailbox, ...(restriction ? { restriction } : {}), ...(page ? { page } : {}) })
}

async function tellOf(
  needs: Needs,
  caller: Caller,
  { search, items, size, gone }: SearchRun,
  { by, started }: HoldRun,
  to: { mailbox: string; id: number },
): Promise<void> {
  const names: string[] = []
  const listed: ItemRef[] = []
  for (const mailbox of search.mailboxes) {
    const owner = await needs.directory.recipientOfMailbox(caller.organisation, mailbox)
    if (!owner) continue
    names.push(nameOf(owner))
    if (search.logLevel === 'Full' && listed.length <= mostListed)
      listed.push(...(await foundIn(needs, caller, search, mailbox)).map(({ ref }) => ref))
  }
  const told = { name: search.id, query: search.query, by, mailboxes: names, started, ended: needs.clock(), items, size, gone }
  await tell(needs.mailboxes, caller, to, search.logLevel ?? 'Basic', told, listed)
}
