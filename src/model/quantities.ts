/** Quantities that cmdlets take and show with their unit; the shell, REST and CLIXML know them by these classes. */

const units: readonly [name: string, bytes: number][] = [['TB', 2 ** 40], ['GB', 2 ** 30], ['MB', 2 ** 20], ['KB', 2 ** 10], ['B', 1]] // prettier-ignore

/** A number of bytes, or without limit (Infinity). Shown as Exchange shows it: `1.5 GB (1,610,612,736 bytes)`, `Unlimited`. */
export class ByteSize {
  readonly bytes: number

  constructor(bytes: number) {
    this.bytes = bytes
  }

  get isUnlimited(): boolean {
    return this.bytes === Number.POSITIVE_INFINITY
  }

  toString(): string {
    if (this.isUnlimited) return 'Unlimited'
    const [unit, size] = units.find(([, least]) => this.bytes >= least) ?? ['B', 1]
    const shown = Number((this.bytes / size).toPrecision(4))
    // Not toLocaleString, which costs twenty times as much.
    return `${shown} ${unit} (${String(this.bytes).replace(/\B(?=(\d{3})+$)/g, ',')} bytes)`
  }

  toJSON(): string {
    return this.toString()
  }

  /** `1.5GB`, `200 KB`, `1610612736`, `1.5 GB (1,610,612,736 bytes)`, `Unlimited`; undefined for anything else and for more than 2^53. */
  static parse(text: string): ByteSize | undefined {
    const exact = /\(([\d,]{1,24}) bytes\)$/i.exec(text.trim())
    const written = /^(\d{1,15}(?:\.\d{1,6})?) ?(B|KB|MB|GB|TB)?$/i.exec(text.trim())
    if (/^unlimited$/i.test(text.trim())) return new ByteSize(Number.POSITIVE_INFINITY)
    const size = units.find(([name]) => name === (written?.[2] ?? 'B').toUpperCase())![1]
    const bytes = exact ? Number(exact[1]!.replaceAll(',', '')) : written ? Math.round(Number(written[1]) * size) : Number.NaN
    return Number.isSafeInteger(bytes) ? new ByteSize(bytes) : undefined
  }
}

/** A length of time in milliseconds. Shown as .NET shows it: `1.02:03:04`, `00:00:05.2500000`. */
export class TimeSpan {
  readonly ms: number

  constructor(ms: number) {
    this.ms = ms
  }

  toString(): string {
    const whole = Math.abs(Math.round(this.ms))
    const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
    const days = Math.floor(whole / 86_400_000)
    const clock = `${two((whole / 3_600_000) % 24)}:${two((whole / 60_000) % 60)}:${two((whole / 1000) % 60)}`
    const part = whole % 1000 ? `.${String(whole % 1000).padStart(3, '0')}0000` : ''
    return `${this.ms < 0 ? '-' : ''}${days ? `${days}.` : ''}${clock}${part}`
  }

  toJSON(): string {
    return this.toString()
  }

  /** `d`, `hh:mm`, `hh:mm:ss`, `d.hh:mm:ss.fffffff`, with a minus before it; undefined for anything else. */
  static parse(text: string): TimeSpan | undefined {
    const days = /^(-?)(\d{1,8})$/.exec(text.trim())
    if (days) return new TimeSpan((days[1] ? -1 : 1) * Number(days[2]) * 86_400_000)
    const found = /^(-?)(?:(\d{1,8})\.)?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,7}))?)?$/.exec(text.trim())
    if (!found) return undefined
    const [, minus, day = '0', hour = '0', minute = '0', second = '0', part = '0'] = found
    if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
    const seconds = ((Number(day) * 24 + Number(hour)) * 60 + Number(minute)) * 60 + Number(second)
    return new TimeSpan((minus ? -1 : 1) * (seconds * 1000 + Number(`0.${part}`) * 1000))
  }
}
