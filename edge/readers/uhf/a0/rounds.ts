import type { Answer, Ask, Progress, Wish } from '../family.ts'
import { errorOf } from './errors.ts'
import { codeOf, dataOf, writeCommand } from './frames.ts'
import { hearInventory } from './inventory.ts'

/**
 * The rounds a reader reads in. Two forms of the inventory are known for each number of ports: the one that takes a session, and the older one.
 * What is asked first is the session; firmware that refuses it, or does not answer, is asked in the older form from then on.
 */
export const createRounds = (wish: Wish, settings: RoundSettings): Rounds => {
  const forms = formsOf(wish)
  let form = 0
  let tried = 0
  let isSettled = false
  let framesSeen = -1
  const start: Ask = {
    name: 'start',
    bytes: () => {
      if (!isSettled) form = tried % forms.length
      tried += 1
      framesSeen = -1
      return forms[form] as Uint8Array
    },
    answer: (frame) => {
      if (codeOf(frame) !== codeOf(forms[form] as Uint8Array)) return null
      const refused = refusalIn(frame)
      if (refused !== null) return isSettled || !refused.isOfForm ? refused.answer : null
      if (hearInventory(frame).kind === 'other') return null
      isSettled = true
      return { ok: true, learned: {} }
    },
    waitMs: 1_500,
    tries: 4,
  }
  // A module that does not answer once may be another one by now: it is asked from the beginning.
  const next: Ask = { ...start, tries: 1 }
  // The module may have begun anew with other settings: it must not send before its band is right again; what is not answered ends this life.
  const anew: Ask = {
    ...next,
    bytes: (dialect) => (settings.isLawful() ? next : settings.stop).bytes(dialect),
    answer: (frame) => (settings.isLawful() ? next.answer(frame) : null),
  }
  return {
    start,
    again: ({ frames, rounds }) => {
      const isStill = frames === framesSeen
      framesSeen = frames
      if (rounds > 0) return [next]
      return isStill ? [...settings.configure, anew] : null
    },
    forget: () => {
      isSettled = false
      tried = 0
    },
  }
}

/** What stands around the rounds: the questions to be asked again before one is begun blindly, and what they came to. */
export interface RoundSettings {
  readonly configure: readonly Ask[]
  readonly isLawful: () => boolean
  readonly stop: Ask
}

export interface Rounds {
  readonly start: Ask
  /** At each round's end, and when nothing came between two looks: then the end was lost. Looks are a second apart, a round in a full field is as long. */
  readonly again: (since: Progress) => readonly Ask[] | null
  /** Another module may be on the line now. */
  readonly forget: () => void
}

const formsOf = ({ ports, session, inputs = [] }: Wish): readonly Uint8Array[] => {
  // Inputs are only told between two commands.
  const repeat = inputs.length > 0 ? 1 : REPEAT
  if (ports.length < 2) return [writeCommand('sessionInventory', { session, target: 'A', repeat }), writeCommand('inventory', { repeat })]
  const slots = Array.from({ length: SLOTS }, (_, at) => {
    const port = ports[at]
    return port === undefined ? UNUSED : { antenna: port - 1, stay: STAY }
  })
  const plain = { intervalMs: 0, repeat: 1 }
  const full = { reserved: new Uint8Array(5), target: 'A', optimize: 0, ongoing: 0, targetQuantity: 0, phase: 0 } as const
  return [
    writeCommand('fastSwitchSession', { slots, session, ...plain, ...full }),
    ports.length > 4
      ? writeCommand('fastSwitch8', { slots, ...plain })
      : writeCommand('fastSwitch4', { slots: slots.slice(0, 4), ...plain }),
  ]
}

/** A result code instead of an inventory; `isOfForm` where another form may be taken. A missing port within a fast switch is none. */
const refusalIn = (frame: Uint8Array): { readonly answer: Answer; readonly isOfForm: boolean } | null => {
  const data = dataOf(frame)
  if (data.length !== 1 || hearInventory(frame).kind === 'round') return null
  const { name, zh, en } = errorOf(data[0] as number)
  return { answer: { ok: false, code: name, meaning: { zh, en } }, isOfForm: hearInventory(frame).kind === 'other' }
}

/** Rounds of one command: few enough that a command is soon over, enough that asking again costs little of the time. */
const REPEAT = 4
const STAY = 1
const SLOTS = 8
const UNUSED = { antenna: 0xff, stay: 0 } as const
