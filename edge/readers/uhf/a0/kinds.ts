import { type Kind, u8, u16 } from '../../../serial/layout.ts'
import { isKnownError } from './errors.ts'

/** Numbers a byte may hold here and nowhere else, so that a host's value is not taken for a module's result, nor the other way round. */
export const within = (from: number, to: number): Kind<number> => ({
  read: (cursor, before) => {
    const value = u8.read(cursor, before)
    return value !== undefined && value >= from && value <= to ? value : undefined
  },
  write: u8.write,
})
/** A byte that must be one of the named codes. */
export const choice = <const N extends Readonly<Record<number, string>>>(names: N): Kind<N[keyof N & number]> => ({
  read: (cursor, before) => {
    const code = u8.read(cursor, before)
    return code === undefined ? undefined : (names[code] as N[keyof N & number] | undefined)
  },
  write: (name, to) => u8.write(Number(Object.entries(names).find(([, one]) => one === name)?.[0] ?? 0), to),
})
/** A result code the family knows. */
export const result: Kind<number> = {
  read: (cursor, before) => {
    const code = u8.read(cursor, before)
    return code !== undefined && isKnownError(code) ? code : undefined
  },
  write: u8.write,
}
/** A port, from 1; on the wire from 0. Result codes begin at 16. */
export const port: Kind<number> = {
  read: (cursor, before) => {
    const raw = u8.read(cursor, before)
    return raw === undefined || raw > 15 ? undefined : raw + 1
  },
  write: (value, to) => u8.write(value - 1, to),
}
/** `major.minor`, a byte each. */
export const version: Kind<string> = {
  read: (cursor, before) => {
    const word = u16.read(cursor, before)
    return word === undefined ? undefined : `${word >> 8}.${word & 0xff}`
  },
  write: (value, to) => {
    const [major = 0, minor = 0] = value.split('.').map(Number)
    to.push(major, minor)
  },
}
/** Sign (0 is below zero) and value. */
export const celsius: Kind<number> = {
  read: (cursor, before) => {
    const word = u16.read(cursor, before)
    return word === undefined || word > 0x1ff ? undefined : (word & 0xff) * (word > 0xff ? 1 : -1)
  },
  write: (value, to) => void to.push(value < 0 ? 0 : 1, Math.min(255, Math.abs(value))),
}
/** All bytes but the last few. */
export const allBut = (count: number): Kind<Uint8Array> => ({
  read: (cursor) => {
    const end = cursor.bytes.length - count
    if (end < cursor.at) return undefined
    const found = cursor.bytes.subarray(cursor.at, end)
    cursor.at = end
    return found
  },
  write: (value, to) => void to.push(...value),
})

/** One place of a fast switch: a port from 0 (FF, or any above the last: unused) and the rounds to stay there. */
interface Slot {
  readonly antenna: number
  readonly stay: number
}
export const slots = (count: number): Kind<readonly Slot[]> => ({
  read: (cursor, before) => {
    const found: Slot[] = []
    while (found.length < count) {
      const word = u16.read(cursor, before)
      if (word === undefined) return undefined
      found.push({ antenna: word >> 8, stay: word & 0xff })
    }
    return found
  },
  write: (value, to) => {
    for (const { antenna, stay } of value) to.push(antenna, stay)
  },
})
