import type { Instant } from '#model'
import type { Branch, Hop, LookupTrace, PersonOutcome, RowLookedAt } from './trace.ts'

/** Writes down one branch as it goes. */
export interface BranchRecorder {
  readonly branch: Branch
  /** Does a step and writes it down with its time. What `work` puts into the hop stands there, also when it throws. */
  hop<T>(step: number, what: string, work: (hop: Hop) => Promise<T>): Promise<T>
  /** Writes down something that was found out without going anywhere. */
  note(step: number, what: string, outcome: Pick<Hop, 'verdict'> & Partial<Hop>): void
  end(): void
}

export interface TraceRecorder {
  readonly id: string
  branch(generation: Branch['generation'], people: readonly string[], rows: readonly RowLookedAt[]): BranchRecorder
  outcome(outcome: PersonOutcome): void
  /** The finished trace, kept with the last ones. */
  end(): LookupTrace
}

export type TraceStart = Pick<LookupTrace, 'organisation' | 'role' | 'what' | 'from'>

export interface Traces {
  /** @param heard Hears what each hop is when it begins. */
  begin(start: TraceStart, heard?: HopHeard): TraceRecorder
  /** Newest first, of one organisation. */
  list(organisation: string, limit: number): LookupTrace[]
  get(organisation: string, id: string): LookupTrace | undefined
}

/** Hears what a hop is when it begins: `FederationMetadata`. */
export type HopHeard = (what: string) => void

/** The same traces; what begins in them is heard. */
export const heardBy = (traces: Traces, heard: HopHeard): Traces => ({ ...traces, begin: (start) => traces.begin(start, heard) })

/** How many traces of an organisation are kept: of its own questions and answers, and of strangers who were turned away. */
const most = { lookups: 500, turnedAway: 50 }

/** Letters of a text that are kept. Others write some of them: addresses asked for, answers of other servers. */
const longest = 1000

/** Keeps the last lookups of each organisation in memory. */
export function createTraces({ clock, newId }: { clock: () => Instant; newId: () => string }): Traces {
  const lookups = new Map<string, LookupTrace[]>()
  const turnedAway = new Map<string, LookupTrace[]>()
  const now = () => performance.now()
  function keep(trace: LookupTrace): void {
    const stranger = trace.what === 'signIn'
    const kept = stranger ? turnedAway : lookups
    const list = kept.get(trace.organisation) ?? []
    kept.set(trace.organisation, list)
    list.push(trace)
    if (list.length > (stranger ? most.turnedAway : most.lookups)) list.shift()
  }
  const all = (organisation: string) => [...(lookups.get(organisation) ?? []), ...(turnedAway.get(organisation) ?? [])]
  return {
    begin(start, heard) {
      const began = now()
      const trace: LookupTrace = { id: newId(), at: clock(), ...start, branches: [], outcomes: [], ms: 0 }
      return {
        id: trace.id,
        branch(generation, people, rows) {
          const branch: Branch = { generation, people: [...people], rows: [...rows], hops: [], ms: 0 }
          trace.branches.push(branch)
          return recordBranch(branch, now, heard)
        },
        outcome: (outcome) => void trace.outcomes.push(outcome),
        end() {
          trace.ms = rounded(now() - began)
          const bounded = shortened(trace)
          keep(bounded)
          return bounded
        },
      }
    },
    list: (organisation, limit) =>
      all(organisation)
        .reverse()
        .sort((one, other) => other.at - one.at)
        .slice(0, limit),
    get: (organisation, id) => all(organisation).find((trace) => trace.id === id),
  }
}

/** A copy with no text longer than is kept. */
function shortened<T>(value: T): T {
  if (typeof value === 'string') return (value.length > longest ? `${value.slice(0, longest)}…` : value) as T
  if (Array.isArray(value)) return value.map(shortened) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, shortened(part)])) as T
}

const rounded = (ms: number) => Math.round(ms * 100) / 100

function recordBranch(branch: Branch, now: () => number, heard?: HopHeard): BranchRecorder {
  const began = now()
  return {
    branch,
    async hop(step, what, work) {
      const hop: Hop = { step, what, ms: 0, verdict: 'ok' }
      branch.hops.push(hop)
      heard?.(what)
      const from = now()
      try {
        return await work(hop)
      } catch (error) {
        hop.verdict = 'failed'
        hop.cause ??= error instanceof Error ? error.message : String(error)
        throw error
      } finally {
        hop.ms = rounded(now() - from)
      }
    },
    note: (step, what, outcome) => void branch.hops.push({ step, what, ms: 0, ...outcome }),
    end: () => void (branch.ms = rounded(now() - began)),
  }
}
