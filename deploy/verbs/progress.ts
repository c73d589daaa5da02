/** Tells a person every few seconds how far a long work is, on stderr; short ones say nothing. */
export const openProgress = (
  words: { readonly zh: string; readonly en: string },
  total: number,
  say: (line: string) => void = (line) => void process.stderr.write(line),
  everyMs = EVERY_MS,
): { readonly step: () => void } => {
  let next = performance.now() + everyMs
  let done = 0
  return {
    step: () => {
      done += 1
      if (done % LOOK_EVERY !== 0 || performance.now() < next) return
      next = performance.now() + everyMs
      say(`  ${words.zh} / ${words.en}：${done} / ${total}\n`)
    },
  }
}

const EVERY_MS = 3_000
/** A look at the clock costs as much as a small row. */
const LOOK_EVERY = 256
