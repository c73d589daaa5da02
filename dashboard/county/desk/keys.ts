import type { ProvisionalView } from '@lotkeeper/protocol/api/hub-provisionals.ts'

/** What a key means at the desk. */
export type DeskAct =
  | { readonly act: 'go'; readonly by: 1 | -1 }
  | { readonly act: 'confirm' | 'redirect' | 'conflict' }
  | { readonly act: 'candidate'; readonly at: number }

/** Arrows go through the list, a figure takes that candidate, letters give the three answers; nothing where the answer is not open. */
export const deskActOf = (key: string, one: Pick<ProvisionalView, 'state' | 'met' | 'suggestions' | 'now'> | undefined): DeskAct | null => {
  if (key === 'ArrowDown') return { act: 'go', by: 1 }
  if (key === 'ArrowUp') return { act: 'go', by: -1 }
  if (one?.state !== 'open') return null
  const may = mayAnswer(one)
  const letter = key.toLowerCase()
  if (letter === 'c' && may.confirm) return { act: 'confirm' }
  if (letter === 'r' && may.redirect) return { act: 'redirect' }
  if (letter === 'k') return { act: 'conflict' }
  const at = /^[1-9]$/.test(key) ? Number(key) - 1 : -1
  return at >= 0 && at < one.suggestions.length ? { act: 'candidate', at } : null
}

/** Which answers make sense: a tag is never another item's, a lot may be another of its item, and one of what the county does not know waits until that is answered. */
export const mayAnswer = ({ met, now }: Pick<ProvisionalView, 'met' | 'now'>) => ({
  confirm: met.is === 'item' || now.known,
  redirect: met.is !== 'tag',
})
