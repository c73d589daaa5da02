/** Every refusal of what a tag holds, or of what shall be written to one. `{name}` is filled from the refusal's facts. */
export const EPC_REFUSALS = {
  'epc.hex-wrong': { zh: '标签数据不是十六进制：{hex}', en: 'The tag data is no hexadecimal text: {hex}' },
  'epc.empty': { zh: '标签里没有数据', en: 'The tag is empty' },
  'epc.factory-default': { zh: '标签还没有写过码（出厂编号 {hex}）', en: 'This tag was never written (factory number {hex})' },
  'epc.header-unassigned': { zh: '标签内容不是 GS1 编码（头字节 {header}）', en: 'The tag holds no GS1 code (header {header})' },
  'epc.scheme-not-decoded': { zh: '标签是 {scheme} 编码，暂不能解析', en: 'The tag holds a {scheme}, which is not read yet' },
  'epc.length-wrong': { zh: '{scheme} 应为 {bits} 位，实际 {found} 位', en: 'A {scheme} has {bits} bits, this has {found}' },
  'epc.partition-wrong': { zh: '分区值 {partition} 无效（0 到 6）', en: 'Partition {partition} is none (0 to 6)' },
  'epc.number-too-large': {
    zh: '{field} 的数值 {value} 超出 {digits} 位十进制',
    en: 'The {field} {value} does not fit its {digits} decimal digits',
  },
  'epc.field-wrong': { zh: '{field} 的内容不对：{value}', en: 'The {field} is wrong: {value}' },
  'epc.gtin-wrong': { zh: '商品条码不对：{gtin}', en: 'This is no valid GTIN: {gtin}' },
} as const satisfies Readonly<Record<string, { readonly zh: string; readonly en: string }>>
