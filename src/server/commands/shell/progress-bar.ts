import type { Progress } from '#shell'

/** The line that shows how far long work is. */
export function progressLine({ activity, status = '', percent, secondsRemaining }: Progress, width: number): string {
  const done = percent === undefined ? undefined : Math.min(100, Math.max(0, percent))
  const bar = done === undefined ? '' : `[${'█'.repeat(Math.round(done / 5)).padEnd(20, '░')}] ${String(Math.round(done)).padStart(3)} % `
  const left = secondsRemaining === undefined ? '' : ` (${timeText(secondsRemaining)} left)`
  const text = `${bar}${activity}${status ? `: ${status}` : ''}${left}`
  return text.length > width - 1 ? `${text.slice(0, Math.max(0, width - 2))}…` : text
}

/** `75` → `1:15`; under a minute `9 s`. */
function timeText(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds))
  const padded = (value: number) => String(value).padStart(2, '0')
  if (whole < 60) return `${whole} s`
  const minutes = `${Math.floor(whole / 60) % 60}`
  return whole < 3600 ? `${minutes}:${padded(whole % 60)}` : `${Math.floor(whole / 3600)}:${minutes.padStart(2, '0')}:${padded(whole % 60)}`
}
