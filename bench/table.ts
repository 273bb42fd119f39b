/** One line of the bench's table: a measurement beside its baseline of the same run. */
export interface Row {
  what: string
  measured: string
  baseline: string
  /** Measured divided by baseline. */
  ratio?: number
  note?: string
}

export function formatTable(rows: Row[]): string {
  const cells = [
    ['what', 'measured', 'baseline', 'ratio', 'note'],
    ...rows.map(({ what, measured, baseline, ratio, note = '' }) => [
      what,
      measured,
      baseline,
      ratio === undefined ? '' : ratio.toFixed(2),
      note,
    ]),
  ]
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0))) ?? []
  return cells.map((line) => '| ' + line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ') + ' |').join('\n')
}

export function perSecond({ count, seconds }: { count: number; seconds: number }): number {
  return count / seconds
}

export function rate(value: number): string {
  return `${value >= 100 ? Math.round(value) : value.toFixed(1)}/s`
}
