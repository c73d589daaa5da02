import type { Answer, Levels } from './family.ts'

/** The levels of the wished inputs as an answer; a refusal where the module did not tell one of them. */
export const levelsAnswer = (wished: readonly number[], levels: Levels): Answer => {
  const missing = wished.find((input) => levels[input] === undefined)
  if (missing !== undefined) return { ok: false, code: 'input-missing', meaning: MISSING }
  return { ok: true, learned: { inputs: Object.fromEntries(wished.map((input) => [input, levels[input] as boolean])) } }
}

/** Levels of inputs that are told in their order, one a value, from input 1. */
export const levelsInOrder = (values: readonly number[]): Levels => Object.fromEntries(values.map((value, at) => [at + 1, value !== 0]))

const MISSING = {
  zh: '读写器没有报告这个输入口',
  en: 'the reader did not tell this input',
}
