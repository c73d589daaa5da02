import type { ActTwice } from '@lotkeeper/protocol/ledger/raised.ts'
import type { Found } from '../ledger/contract.ts'

/** Something on the line or in the log that a person should know; each is told once. */
export type UplinkNews =
  | { readonly is: 'lost-tail'; readonly epoch: string; readonly from: number; readonly upto: number }
  | { readonly is: 'clone'; readonly epoch: string; readonly from: number }
  | { readonly is: 'two-hubs'; readonly incarnation: number; readonly obeyed: number }
  | { readonly is: 'directive-refused'; readonly stream: string; readonly epoch: string; readonly from: number; readonly code: string }
  /** The hub's book of this node's places is another one. */
  | { readonly is: 'digest-differs'; readonly epoch: string; readonly seq: number; readonly buckets: readonly number[] }
  /** The county revoked the key this node signs with: nothing new of it is taken until it is enrolled anew or its key is rotated. */
  | { readonly is: 'key-revoked'; readonly key: string }
  /** The ledger keeps it itself, with what showed it. */
  | ({ readonly is: 'act-twice' } & ActTwice)
  | Found

/** Tells each piece of news once, however often it is seen. */
export const openNews = (tell: (news: UplinkNews) => void): ((news: UplinkNews) => void) => {
  const told = new Set<string>()
  return (news) => {
    const name = JSON.stringify(news)
    if (told.has(name)) return
    if (told.size >= NEWS_MAX) told.clear()
    told.add(name)
    tell(news)
  }
}

const NEWS_MAX = 1_000
