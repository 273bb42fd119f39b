import type { Instant } from '#model'
import type { Branch, Generation, Hop, LookupTrace, PersonOutcome, RowLookedAt } from './trace.ts'

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

export interface Traces {
  begin(start: Pick<LookupTrace, 'organisation' | 'role' | 'what' | 'from'>): TraceRecorder
  /** Newest first, of one organisation. */
  list(organisation: string, limit: number): LookupTrace[]
  get(organisation: string, id: string): LookupTrace | undefined
}

/** An error that says why a hop failed, in words for the trace. */
export interface Explained {
  cause: string
  remedy?: string
}

/** Keeps the last `most` lookups in memory. */
export function createTraces({ clock, newId, most = 500 }: { clock: () => Instant; newId: () => string; most?: number }): Traces {
  const kept: LookupTrace[] = []
  const now = () => performance.now()
  return {
    begin(start) {
      const began = now()
      const trace: LookupTrace = { id: newId(), at: clock(), ...start, branches: [], outcomes: [], ms: 0 }
      return {
        id: trace.id,
        branch(generation, people, rows) {
          const branch: Branch = { generation, people: [...people], rows: [...rows], hops: [], ms: 0 }
          trace.branches.push(branch)
          return recordBranch(branch, now)
        },
        outcome: (outcome) => void trace.outcomes.push(outcome),
        end() {
          trace.ms = rounded(now() - began)
          kept.push(trace)
          if (kept.length > most) kept.shift()
          return trace
        },
      }
    },
    list: (organisation, limit) =>
      kept
        .filter((trace) => trace.organisation === organisation)
        .slice(-limit)
        .reverse(),
    get: (organisation, id) => kept.find((trace) => trace.id === id && trace.organisation === organisation),
  }
}

const rounded = (ms: number) => Math.round(ms * 100) / 100

function recordBranch(branch: Branch, now: () => number): BranchRecorder {
  const began = now()
  return {
    branch,
    async hop(step, what, work) {
      const hop: Hop = { step, what, ms: 0, verdict: 'ok' }
      branch.hops.push(hop)
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

/** True for the generations that leave the organisation. */
export const isRemote = (generation: Branch['generation']): generation is Generation => generation !== 'local' && generation !== 'none'
