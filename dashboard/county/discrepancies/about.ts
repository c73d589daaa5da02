import { type LotKey, lotOf, type PlaceId, placeOf } from '@lotkeeper/protocol/names.ts'

/** What a subject is about: a lot, and the place where it does not agree, as far as it names them. */
export interface About {
  readonly lot: LotKey
  readonly place: PlaceId | null
}

/** Reads the lot and the place off a subject: `lot`, `place lot`, `place document lot`. A lot number may hold spaces, so words are tried from the left. */
export const aboutOf = (subject: string): About | null => {
  if (lotOf(subject)) return { lot: subject, place: null }
  const words = subject.split(' ')
  const place = words[0] !== undefined && placeOf(words[0])?.room != null ? words[0] : null
  for (let from = 1; from < words.length; from += 1) {
    const lot = words.slice(from).join(' ')
    if (lotOf(lot)) return { lot, place }
  }
  return null
}
