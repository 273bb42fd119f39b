import type { SupportFinding, Supportability } from '#admin'
import { StartProblem } from '../start-problem.ts'
import type { Installed } from './installed.ts'
import { matrix, release, type MatrixEntry, type SupportRange } from './matrix.ts'

/** Judges what is installed; components that are not installed are left out. */
export function judged(installed: Installed): SupportFinding[] {
  return matrix.flatMap((entry) => {
    const version = installed[entry.component]
    if (version === undefined) return []
    const { component, supported, advice, ranges, othersRun } = entry
    const status = ranges.some((range) => within(version, range)) ? 'Supported' : othersRun ? 'Untested' : 'Unsupported'
    return [{ component, supported, advice, installed: version, status }]
  })
}

/** `26.10.1` lies within 26 to 26; text before the numbers must be the same. */
function within(version: string, { from, to }: SupportRange): boolean {
  const [name, numbers] = parts(version)
  const [lowName, low] = parts(from)
  if (name !== lowName || numbers.length === 0 || compared(numbers, low) < 0) return false
  return to === undefined || compared(numbers, parts(to)[1]) <= 0
}

function parts(version: string): [name: string, numbers: number[]] {
  const found = /^(.*?)(\d+(?:\.\d+)*)/.exec(version.trim())
  return found ? [found[1]!.trim().toLowerCase(), found[2]!.split('.').map(Number)] : [version.trim().toLowerCase(), []]
}

/** By as many numbers as the bound has. */
function compared(numbers: readonly number[], bound: readonly number[]): number {
  const at = bound.findIndex((limit, index) => (numbers[index] ?? 0) !== limit)
  return at < 0 ? 0 : (numbers[at] ?? 0) - bound[at]!
}

/** The matrix, and what is here beside it. */
export function createSupportability(installed: () => Promise<Installed>): Supportability {
  return {
    release,
    matrix: () => matrix.map(({ component, supported, advice }: MatrixEntry) => ({ component, supported, advice })),
    check: async () => judged(await installed()),
  }
}

/** Refuses to start on what is not supported; where that is allowed, says it loudly instead. */
export function mustBeSupported(installed: Installed, allowed: boolean, warn: (detail: object, message: string) => void): void {
  for (const finding of judged(installed)) {
    if (finding.status !== 'Unsupported') continue
    const { component, installed: version, supported, advice } = finding
    const message = `${component} ${version} is not supported; this release supports ${supported}.`
    if (!allowed) {
      throw new StartProblem(
        message,
        `${advice}\n  To start all the same, at your own risk: --allow-unsupported (configuration: allowUnsupported).`,
      )
    }
    warn({ event: 'unsupported', component, installed: version }, `${message} It was started all the same (allowUnsupported). ${advice}`)
  }
}
