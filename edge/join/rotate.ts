import type { Parts } from '@lotkeeper/protocol/parts.ts'
import { fault } from '../faults.ts'
import { type Joined, type JoinWish, joinCounty } from './join.ts'
import { adoptNext, nextFolder, openKeys } from './keys.ts'

/**
 * Gives an enrolled node new keys, certified by a replacing code of its own county. They are made and certified beside the old ones, which stand
 * until all of the new is there: broken off anywhere, the node starts with the one set or the other, and the same code finishes it. What the old
 * key signed stays valid where it is held; what is not held anywhere yet is signed anew. `null`: only the end of an earlier rotation was missing.
 */
export const rotateKeys = async (parts: Parts, wish: Omit<JoinWish, 'replace'>): Promise<Joined | null> => {
  if (adoptNext(wish.folder)) return null
  const { enrolled } = openKeys(wish.folder)
  if (!enrolled) throw fault('join.not-enrolled')
  const joined = await joinCounty(parts, { ...wish, folder: nextFolder(wish.folder), replace: true, countyKey: enrolled.countyKey })
  adoptNext(wish.folder)
  return joined
}
