import { EXAMPLE_ITEM } from './examples-catalog.ts'

const look = { size: '60x40' as const, dpi: 203 as const, symbol: 'datamatrix' as const, scheme: 'gs1' as const }
const label = { item: EXAMPLE_ITEM.item, pack: 'case', lotNumber: 'B2611', expiry: '2028-10-31' }
const AT = '2026-11-22T01:02:03.004Z'
const EPC = '3054257BF44D61A0000003E8'
const row = {
  ...{ item: label.item, pack: label.pack, says: '(01)19521234543210(17)281031(10)B2611(21)137438953473', epc: EPC, copies: 1 },
  notes: [],
}

/** One call of every route of labels; they stand on the item and the site of the other examples. */
export const LABEL_EXAMPLES = {
  labelForms: {
    answer: {
      forms: [
        {
          form: 'zpl',
          type: 'text/plain',
          bitmap: true,
          chip: true,
          zh: 'ZPL（斑马等），可写芯片',
          en: 'ZPL (Zebra and others), writes chips',
        },
      ],
      sizes: [{ size: '60x40', widthMm: 60, heightMm: 40, zh: '60 × 40 毫米', en: '60 by 40 mm' }],
      dpis: [203, 300],
      symbols: [{ scheme: 'gs1', symbol: 'datamatrix', zh: 'GS1 DataMatrix', en: 'GS1 DataMatrix' }],
    },
  },
  previewLabels: {
    body: { action: 'example-labels-01', form: 'sheet' as const, ...look, labels: [{ ...label, copies: 20 }], announce: null },
    answer: {
      rows: [
        {
          ...row,
          ...{ says: '(01)19521234543210(17)281031(10)B2611', epc: null, copies: 20 },
          svg: '<svg xmlns="http://www.w3.org/2000/svg" width="60mm" height="40mm" viewBox="0 0 480 320"></svg>',
        },
      ],
    },
  },
  labelActs: {
    query: { limit: 20 },
    answer: {
      rows: [
        {
          ...{ action: 'example-labels-02', at: AT, actor: 'county', site: 'xinghe', doc: 'DN-2026-1122', epc: 'sgtin-96' as const },
          labels: [{ ...label, itemName: EXAMPLE_ITEM.name, copies: 1 }],
        },
      ],
      next: null,
    },
  },
  printLabels: {
    body: {
      ...{ action: 'example-labels-02', form: 'zpl' as const, ...look, labels: [{ ...label, copies: 1 }] },
      announce: { site: 'xinghe', doc: 'DN-2026-1122', prefixDigits: 7 },
    },
    answer: {
      ...{ type: 'text/plain', encoding: 'utf-8' as const },
      files: [{ name: 'labels.zpl', content: `^XA\n^PW480^LL320^LH0,0\n^RFW,H,2,12,1^FD${EPC}^FS\n^FO0,0^GFA,0,0,60,^FS\n^PQ1\n^XZ\n` }],
      rows: [row],
    },
  },
}
