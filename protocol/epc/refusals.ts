/** Every refusal of what a tag holds, or of what shall be written to one. `{name}` is filled from the refusal's facts. */
export const EPC_REFUSALS = {
  'epc.hex-wrong': { zh: '标签数据不是十六进制：{hex}', en: 'The tag data is no hexadecimal text: {hex}' },
  'epc.empty': { zh: '标签里没有数据', en: 'The tag is empty' },
  'epc.factory-default': { zh: '标签还没有写过码（出厂编号 {hex}）', en: 'This tag was never written (factory number {hex})' },
  'epc.header-unassigned': { zh: '标签内容不是 GS1 编码（头字节 {header}）', en: 'The tag holds no GS1 code (header {header})' },
  'epc.not-gs1': { zh: '标签不是 GS1 编码（ISO 应用族 {afi}）', en: 'The tag holds no GS1 code (ISO application family {afi})' },
  'epc.length-wrong': { zh: '{scheme} 应为 {bits} 位，实际 {found} 位', en: 'A {scheme} has {bits} bits, this has {found}' },
  'epc.tag-short': { zh: '标签数据太短（{bytes} 字节），没有 PC 字', en: 'The tag data is too short ({bytes} bytes): no PC word' },
  'epc.crc-wrong': { zh: '标签读数的校验码不对，请重读：{hex}', en: 'The CRC of the tag reading is wrong, read it again: {hex}' },
  'epc.bits-behind': {
    zh: '{scheme} 后面还有不该有的数据：{rest}',
    en: 'Something stands behind the {scheme} that does not belong: {rest}',
  },
  'epc.reserved-set': { zh: '标签的保留位不是零', en: 'Reserved bits of the tag are set' },
  'epc.partition-wrong': { zh: '分区值 {partition} 无效（0 到 6）', en: 'Partition {partition} is none (0 to 6)' },
  'epc.number-too-large': {
    zh: '{field} 的数值超出 {length} 位十进制',
    en: 'The {field} does not fit its {length} decimal digits',
  },
  'epc.letters-wrong': { zh: '{field} 里有不允许的字符', en: 'The {field} holds letters it may not' },
  'epc.field-wrong': { zh: '{field} 的内容不对：{value}', en: 'The {field} is wrong: {value}' },
  'epc.check-digit-wrong': { zh: '({ai}) 的校验位不对：{value}', en: 'The check digit of ({ai}) is wrong: {value}' },
  'epc.gtin-wrong': { zh: '商品条码不对：{gtin}', en: 'This is no valid GTIN: {gtin}' },
  'epc.uri-wrong': { zh: '不是有效的 EPC 网址：{uri}', en: 'This is no valid EPC URI: {uri}' },
  'epc.prefix-unknown': {
    zh: '不知道 {gtin} 的厂商识别代码有几位，请给出 prefixDigits',
    en: 'How long the company prefix of {gtin} is nobody told: say prefixDigits',
  },
} as const satisfies Readonly<Record<string, { readonly zh: string; readonly en: string }>>
