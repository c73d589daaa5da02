import { A0 } from './a0/family.ts'
import { A55A } from './a55a/family.ts'
import { BB7E } from './bb7e/family.ts'
import { CF } from './cf/family.ts'
import type { Family } from './family.ts'
import { GCLIENT } from './gclient/family.ts'
import { TMFF } from './tmff/family.ts'
import { UHF288 } from './uhf288/family.ts'
import { UHF18 } from './uhf288/uhf18.ts'

/** The protocol families this node speaks, by the names used in settings and on the command line. */
export const FAMILIES = {
  bb7e: BB7E,
  uhf288: UHF288,
  uhf18: UHF18,
  a0: A0,
  tmff: TMFF,
  '5a': GCLIENT,
  a55a: A55A,
  cf: CF,
} as const satisfies Readonly<Record<string, Family>>
export type FamilyName = keyof typeof FAMILIES
export const FAMILY_NAMES = Object.keys(FAMILIES) as readonly FamilyName[]

/** Family of a name in any letter case, or `null`. */
export const familyOf = (name: string): Family | null => {
  const plain = name.toLowerCase()
  return FAMILY_NAMES.includes(plain as FamilyName) ? FAMILIES[plain as FamilyName] : (ALIASES[plain] ?? null)
}

/** Styles and makers that are no families of their own. */
const ALIASES: Readonly<Record<string, Family>> = { aadd: BB7E, silion: TMFF, gclient: GCLIENT }
