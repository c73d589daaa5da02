/** What a rule's answers came to. A label is one tag in one scenario; all but `unheard` are parts of `labels`. */
export interface Score {
  labels: number
  /** Said in or out, all of it in order and nothing else. */
  right: number
  /** Said in or out, and it was not so: another way, too often, or only half of it without asking about the rest. */
  wrong: number
  /** Asked a person, and whatever was said before was so. */
  uncertain: number
  /** Crossed, was heard, and nothing was said. */
  missed: number
  /** Did not cross, and nothing was said. */
  quiet: number
  /** Crossed and no antenna ever heard it. */
  unheard: number
}

export const newScore = (): Score => ({ labels: 0, right: 0, wrong: 0, uncertain: 0, missed: 0, quiet: 0, unheard: 0 })

/** One tag's truth and what was said of it, as `in,out` in order of time, or `none`. */
export interface Label {
  readonly truth: string
  readonly said: string
  readonly reads: number
}

/** Counts a label. */
export const addLabel = (score: Score, { truth, said, reads }: Label): void => {
  if (reads === 0) {
    if (truth !== 'none') score.unheard += 1
    return
  }
  score.labels += 1
  score[kindOf(truth, said)] += 1
}

/** Percent of all labels. */
export const shareOf =
  (kind: 'wrong' | 'uncertain' | 'missed') =>
  (score: Score): number =>
    (score[kind] / score.labels) * 100

/** Percent right of what was decided, a false crossing counting as decided wrong. */
export const rightOfDecided = ({ right, wrong }: Score): number => (right / (right + wrong)) * 100

const kindOf = (truth: string, said: string): 'right' | 'wrong' | 'uncertain' | 'missed' | 'quiet' => {
  if (said.includes('uncertain')) return isBegun(truth, said) ? 'uncertain' : 'wrong'
  if (said === 'none') return truth === 'none' ? 'quiet' : 'missed'
  return said === truth ? 'right' : 'wrong'
}

/** Whether what was said before the first question is the beginning of the truth. */
const isBegun = (truth: string, said: string): boolean => {
  const parts = said.split(',')
  const before = parts.slice(0, parts.indexOf('uncertain'))
  const happened = truth.split(',')
  return before.every((direction, at) => direction === happened[at])
}
