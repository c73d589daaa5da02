import { type Refusal, type RefusalCode, refuse } from '@lotkeeper/protocol/refusals.ts'

/** Ends the reading of a whole file with an expected no; it is caught where the import began. */
export const stop = (code: RefusalCode, facts: Refusal['facts'] = {}): Stop => {
  const refusal = refuse(code, facts)
  return Object.assign(new Error(refusal.en), { refusal })
}
export type Stop = Error & { readonly refusal: Refusal }

/** The refusal a thrown stop carries; `null`: something broke. */
export const refusalOf = (thrown: unknown): Refusal | null =>
  thrown instanceof Error && 'refusal' in thrown ? (thrown as Stop).refusal : null
