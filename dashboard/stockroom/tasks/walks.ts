import type { TaskView } from '@lotkeeper/protocol/api/node.ts'

type Answer = TaskView['answers'][number]

/**
 * Tasks in the order they came, those of one walk together: boxes of one door, of one kind of doubt, one after another within seconds. A few that no
 * answer can book together stay apart: each wants a look of its own.
 */
export const walksOf = (tasks: readonly TaskView[]): readonly (readonly TaskView[])[] => {
  const walks: TaskView[][] = []
  for (const task of tasks) {
    const walk = walks.find((one) => goesWith(one, task))
    if (walk) walk.push(task)
    else walks.push([task])
  }
  return walks.flatMap((walk) => (walk.length >= CART_MIN || answersForAll(walk).some(isBooking) ? [walk] : walk.map((task) => [task])))
}

const isBooking = (answer: Answer): boolean => answer === 'in' || answer === 'out'
/** From so many boxes on it is a cart: one thing to look at, whatever can be said of it. */
const CART_MIN = 4

/** Answers that one touch can give for every box of a walk; what needs more said than that is said box by box. */
export const answersForAll = (walk: readonly TaskView[]): readonly Answer[] =>
  IN_ONE.filter((answer) => walk.every((task) => task.answers.includes(answer) && (answer === 'none' || canSay(task, answer))))

/** Strange boxes of one lot are bound together; the rest of an opened box is told box by box. */
const canSay = ({ tag }: TaskView, answer: Answer): boolean => (answer === 'bind' ? tag === null : tag?.units !== null)

/** Goods of a walk, a line a lot, the most boxes first; strange tags together. */
export const goodsOf = (walk: readonly TaskView[]): readonly { readonly task: TaskView; readonly boxes: number }[] => {
  const lots = Map.groupBy(walk, ({ tag }) => tag?.lot ?? '')
  return [...lots.values()]
    .flatMap((some) => (some[0] ? [{ task: some[0], boxes: some.length }] : []))
    .toSorted((one, other) => other.boxes - one.boxes)
}

const IN_ONE = ['in', 'out', 'bind', 'none'] as const satisfies readonly Answer[]

const goesWith = (walk: readonly TaskView[], task: TaskView): boolean => {
  const [first] = walk
  if (!first || task.door === '' || first.door !== task.door) return false
  const isAlike = first.outcome === task.outcome && first.direction === task.direction && !walk.some(({ epc }) => epc === task.epc)
  const atMs = Date.parse(task.at)
  return isAlike && walk.some(({ at }) => Math.abs(Date.parse(at) - atMs) <= WALK_GAP_MS)
}

/** Somebody with a cart is through the door in this time; the next person comes later as a rule. */
const WALK_GAP_MS = 5_000
