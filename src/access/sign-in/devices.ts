import type { Instant } from '#model'
import type { DeviceRow, SignInRecord } from './record.ts'
import { randomToken, randomWord, sameText, sha256 } from './words.ts'

const most = 50
const day = 86_400_000

/** Remembers a device for so many days; answers the token that it will show, of which the record has the hash. */
export function rememberDevice(
  record: SignInRecord,
  {
    name,
    days,
    now,
    random,
    standing,
  }: { name: string; days: number; now: Instant; random: (size: number) => Uint8Array; standing: string },
): string {
  const token = randomToken(random)
  const device: DeviceRow = {
    id: randomWord(random, 1, 12),
    name: name.slice(0, 100),
    created: now,
    proved: now,
    expires: now + days * day,
    hash: sha256(token),
    standing,
  }
  record.devices = [...record.devices.filter(({ expires }) => expires > now), device].slice(-most)
  return token
}

/** The remembered device whose token this is, as long as things stand as they did: a new password forgets devices. */
export function deviceOf(
  { devices }: Pick<SignInRecord, 'devices'>,
  token: string,
  { now, standing }: { now: Instant; standing: string },
): DeviceRow | undefined {
  const hash = sha256(token)
  return devices.find((device) => sameText(device.hash, hash) && device.expires > now && device.standing === standing)
}
