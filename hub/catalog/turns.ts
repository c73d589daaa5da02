/** A queue of one: each act begins when the one before it has ended, however it ended. */
export const openTurns = (): (<Answer>(act: () => Promise<Answer>) => Promise<Answer>) => {
  let last: Promise<unknown> = Promise.resolve()
  return (act) => {
    const mine = last.then(act)
    last = mine.then(ended, ended)
    return mine
  }
}

const ended = (): void => undefined
