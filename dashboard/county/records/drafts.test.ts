import { expect, it } from 'vitest'
import { draftsBelongTo, keepDraft, keptDraft } from './drafts.ts'

it.each<[string, string, object | undefined]>([
  ['the same person', 'u-1', { name: 'typed' }],
  ['somebody else', 'u-2', undefined],
  ['nobody', '', undefined],
])('what one person typed is there for %s', (_, next, kept) => {
  draftsBelongTo('u-1')
  keepDraft('party x', { name: 'typed' })
  draftsBelongTo(next)
  // The form that was open goes after whoever left.
  if (next === '') keepDraft('party x', { name: 'typed' })
  expect(keptDraft('party x')).toEqual(kept)
})
