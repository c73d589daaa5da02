import type { Texts } from '../parts/language.ts'

/** Words of reading codes: two symbols that make one label, and what a code says, part by part. */
export const SCAN_TEXTS = {
  'pair.open-parts': {
    zh: '这张标签还有一个码（批号、效期）？接着扫，会合成一条',
    en: 'Another code on this label (lot, date)? Scan it now and both become one',
  },
  'pair.open-key': {
    zh: '还差这张标签的商品条码，接着扫，会合成一条',
    en: 'The product code of this label is missing: scan it now and both become one',
  },
  'pair.left': { zh: '还等 {n} 秒', en: '{n} s left' },
  'pair.end': { zh: '不等了', en: 'Do not wait' },
  'pair.joined': { zh: '两个码合成了一条', en: 'Two codes were joined into one' },
  'pair.part': { zh: '不是同一张标签，分开', en: 'Not one label: take them apart' },
  'pair.apart': {
    zh: '这两个码的{what}不一样，没有合并，请对照标签',
    en: 'The two codes differ in {what} and were not joined: compare the label',
  },
  'pair.and': { zh: '、', en: ', ' },
  'pair.key': { zh: 'Esc 键', en: 'Esc' },

  'screen.look': { zh: '看码', en: 'Read a code' },
  'more.look': { zh: '码里写着什么，本站认不认识', en: 'What a code says and whether it is known here' },
  'look.into': { zh: '看看码里写着什么', en: 'What the code says' },
  'look.lead': {
    zh: '扫、贴或录入任何一个码，逐段讲给你看；只看，不记账。',
    en: 'Scan, paste or type any code and see it part by part. Nothing is booked.',
  },
  'look.type': { zh: '把码贴在这里，或照标签录入', en: 'Paste a code here, or type what the label says' },
  'look.keys': { zh: '回车识别，Esc 清空；分隔符写成 <GS>', en: 'Enter reads, Esc clears; write the separator as <GS>' },
  'look.send': { zh: '识别', en: 'Read' },
  'look.reading': { zh: '正在识别…', en: 'Reading…' },
  'look.empty': { zh: '扫一个码看看', en: 'Scan a code to see into it' },
  'look.empty-hint': {
    zh: '条码、二维码、电子标签都可以，别的站的也行。',
    en: 'Bar codes, two-dimensional codes and tags, of other sites too.',
  },
  'look.example': { zh: '看一个例子', en: 'Show an example' },
  'look.all': { zh: '全部显示', en: 'Show all of it' },
  'look.symbol': { zh: '第 {n} 个码', en: 'Code {n}' },
  'look.no-symbology': { zh: '没有条码类型标识', en: 'no symbology told' },
  'look.parts': { zh: '逐段说明', en: 'Part by part' },
  'look.wrong': { zh: '这里读不下去', en: 'Reading ended here' },
  'look.todo': { zh: '怎么办', en: 'What to do' },
  'look.notices': { zh: '请留意', en: 'Look twice' },
  'look.known': { zh: '本站知道的', en: 'What this node knows' },
  'look.item': { zh: '品种', en: 'Item' },
  'look.item-unknown': { zh: '目录里没有', en: 'not in the catalogue' },
  'look.pack': { zh: '包装', en: 'Pack' },
  'look.pack-units': { zh: '1 {pack} = {n} {unit}', en: '1 {pack} = {n} {unit}' },
  'look.pack-none': { zh: '码里没有说明是哪种包装', en: 'the code does not say which pack' },
  'look.stock': { zh: '库存', en: 'Stock' },
  'look.stock-none': { zh: '这个批号本站没有库存', en: 'none of this lot here' },
  'look.no-lot': { zh: '码里没有批号', en: 'the code says no lot' },
  'look.expected': { zh: '在途', en: 'On its way' },
  'look.receive': { zh: '去入库办理', en: 'Go to Receive' },
} as const satisfies Texts
