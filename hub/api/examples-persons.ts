const ACT = 'example-erasure-1'
const ERASED = {
  ...{ action: ACT, of: 'party' as const, id: 'supplier-ex', from: 1, upto: 1, actor: 'u-7f3a', at: '2026-11-22T03:24:00.000Z' },
  ...{ texts: 1, chained: 0 },
}

/** One call of every route of what is kept of persons. */
export const PERSON_EXAMPLES = {
  erase: { body: { action: ACT, of: 'party' as const, id: 'supplier-ex', upto: 1 }, answer: ERASED },
  erasures: { answer: { rows: [ERASED] } },
  personTexts: {
    body: { words: '0830-0000000' },
    answer: {
      rows: [
        {
          ...{ where: 'beside' as const, id: 'supplier-ex', version: 1, import: null, row: null, at: '2026-11-22T03:20:00.000Z' },
          text: '办公室（示例） 0830-0000000',
        },
      ],
      more: false,
    },
  },
}
