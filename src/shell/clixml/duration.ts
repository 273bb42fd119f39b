import { TimeSpan } from '#model'

/** A length of time as xs:duration, as .NET writes it: `P1DT2H3M4.5S`, `-PT1S`, `PT0S` ([MS-PSRP] 2.2.5.1.5). */
export function durationText(span: TimeSpan): string {
  const ms = Math.abs(Math.round(span.ms))
  if (!ms) return 'PT0S'
  const days = Math.floor(ms / 86_400_000)
  const hours = Math.floor(ms / 3_600_000) % 24
  const minutes = Math.floor(ms / 60_000) % 60
  const seconds = (ms % 60_000) / 1000
  const time = `${hours ? `${hours}H` : ''}${minutes ? `${minutes}M` : ''}${seconds ? `${seconds}S` : ''}`
  return `${span.ms < 0 ? '-' : ''}P${days ? `${days}D` : ''}${time ? `T${time}` : ''}`
}

/** The length of time of an xs:duration; a year counts 365 days and a month 30, as .NET counts them. undefined for what is none. */
export function parseDuration(text: string): TimeSpan | undefined {
  const found =
    /^(-?)P(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,8})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,10})M)?(?:(\d{1,12}(?:\.\d{1,9})?)S)?)?$/.exec(text)
  if (!found || /[PT]$/.test(text)) return undefined
  const [, minus, years = '0', months = '0', days = '0', hours = '0', minutes = '0', seconds = '0'] = found
  const whole = Number(years) * 365 + Number(months) * 30 + Number(days)
  const ms = ((whole * 24 + Number(hours)) * 60 + Number(minutes)) * 60_000 + Math.round(Number(seconds) * 1000)
  return new TimeSpan(minus && ms ? -ms : ms)
}
