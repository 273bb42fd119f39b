/** A number as .NET Framework writes it: fifteen digits, `1.5`, `1E+15`, `1.5E-07`; whole numbers up to 2^53 in full. */
export function numberText(value: number | bigint): string {
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return String(value)
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '-∞'
  const near = Number(value.toPrecision(15))
  const [mantissa = '', exponent = '0'] = near.toExponential().split('e')
  const power = Number(exponent)
  if (power > -5 && power < 15) return String(near)
  return `${mantissa}E${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}
