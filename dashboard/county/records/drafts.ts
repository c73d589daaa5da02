/** What was typed into a form and neither saved nor given up, by what it is about: kept while the page lives, for whoever comes back to it. */
export const keptDraft = (about: string): object | undefined => drafts.get(about)

/** Nothing: it was saved or given up. */
export const keepDraft = (about: string, typed: object | null): void => {
  drafts.delete(about)
  if (typed === null || typist === '') return
  drafts.set(about, typed)
  const [oldest] = drafts.keys()
  if (drafts.size > DRAFTS_MAX && oldest !== undefined) drafts.delete(oldest)
}

/** From now on they are this person's; `''`: nobody's. What somebody else typed is forgotten, also where the hub could not be told of the leaving. */
export const draftsBelongTo = (user: string): void => {
  if (user !== typist) drafts.clear()
  typist = user
}

let typist = ''
const drafts = new Map<string, object>()
/** More forms nobody leaves half-written. */
const DRAFTS_MAX = 20
