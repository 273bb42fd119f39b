import type { Progress } from '#shell'

/** The line that shows how far long work is. */
export function progressLine({ activity, status = '', percent }: Progress, width: number): string {
  const done = percent === undefined ? undefined : Math.min(100, Math.max(0, percent))
  const bar = done === undefined ? '' : `[${'█'.repeat(Math.round(done / 5)).padEnd(20, '░')}] ${String(Math.round(done)).padStart(3)} % `
  const text = `${bar}${activity}${status ? `: ${status}` : ''}`
  return text.length > width - 1 ? `${text.slice(0, Math.max(0, width - 2))}…` : text
}
