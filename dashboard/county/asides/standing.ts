import type { AsideRow } from '@lotkeeper/protocol/api/asides.ts'
import type { IconName } from '../../parts/icons.tsx'

/** How a thing set aside stands, as one sign: only what waits for a person is loud. */
export const standingOf = ({ stands, again }: Pick<AsideRow, 'stands' | 'again'>): Standing =>
  stands === 'waiting' && again === 'person' ? SIGNS.person : SIGNS[stands]

interface Standing {
  readonly tone: keyof typeof SIGNS
  readonly icon: IconName
  readonly word: `stands.${keyof typeof SIGNS}`
}

const SIGNS = {
  person: { tone: 'person', icon: 'hand', word: 'stands.person' },
  waiting: { tone: 'waiting', icon: 'near', word: 'stands.waiting' },
  held: { tone: 'held', icon: 'ok', word: 'stands.held' },
  kept: { tone: 'kept', icon: 'proof', word: 'stands.kept' },
  taken: { tone: 'taken', icon: 'ok', word: 'stands.taken' },
  refused: { tone: 'refused', icon: 'expired', word: 'stands.refused' },
} as const
