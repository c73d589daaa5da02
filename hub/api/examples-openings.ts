const ACT = 'example-opening-01'
const TOLD = 'hub>xinghe/8f3a1c5e7b9d2046/7'
const AT = '2026-11-22T03:24:00.000Z'
const line = {
  ...{ lot: 'gauze-10x10-ex/B2509', expiry: '2028-08-31', place: 'xinghe/main/available', units: 100 },
  ...{ printed: 'B2509', entered: { quantity: 2, pack: '箱', factorVersion: 1 } },
}
const row = {
  ...{ act: ACT, site: 'xinghe', siteName: { zh: '星河乡卫生院（示例）', en: 'Xinghe (example)' }, doc: 'OLD-2026-11' },
  ...{ counted: '2026-11-20', state: 'taken' as const, parts: 1, taken: 1, lines: 1, withdrawn: null },
  told: { entry: TOLD, at: AT, actor: 'county', reason: null },
  answered: { entry: 'xinghe>*/00112233aabbccdd/42', at: '2026-11-22T05:10:00.000Z', actor: 'keeper-1', reason: null },
}

/** One call of every route of the stock of old systems. */
export const OPENING_EXAMPLES = {
  openings: { query: { site: 'xinghe', limit: 20 }, answer: { rows: [row], next: null } },
  openingLines: {
    query: { act: ACT, limit: 100 },
    answer: {
      rows: [
        {
          ...{ part: 0, taken: true, lot: line.lot, itemName: { zh: '医用纱布块（示例）', en: 'Gauze (example)' }, lotNumber: 'B2509' },
          ...{ unit: { zh: '包', en: 'pack' }, expiry: line.expiry, place: line.place, units: 100, supplier: null, supplierName: null },
        },
      ],
      next: null,
    },
  },
  tellOpening: {
    body: { action: ACT, site: 'xinghe', doc: 'OLD-2026-11', counted: '2026-11-20', lines: [line] },
    answer: { act: ACT, parts: 1 },
  },
  withdrawOpening: {
    body: { action: 'example-withdraw-1', act: ACT, reason: '单位填错，重新导入' },
    answer: { act: ACT, entry: 'hub>xinghe/8f3a1c5e7b9d2046/8' },
  },
}
