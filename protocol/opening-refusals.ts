/** Why the stock of an old system is not told to a site, withdrawn from it or taken over there. */
export const OPENING_REFUSALS = {
  'stockroom.opening-standing': {
    zh: '其中 {lots} 个批号本站账上已有（如 {lot}：{units}），可能是同一批货。请先核对；确实另有这些，再确认接收',
    en: '{lots} of these lots stand on the books here already (such as {lot}: {units}) and may be the same goods. Look first; if these come beside them, say so',
  },
  'catalog.opening-known': {
    zh: '{site} 已有期初单据 {doc}，内容不同：请换一个单据号，或先撤回那一份',
    en: '{site} was told another opening balance under {doc}: use another number, or withdraw that one first',
  },
  'catalog.opening-unknown': { zh: '没有这份期初单据：{act}', en: 'No such opening balance: {act}' },
  'catalog.opening-taken': {
    zh: '{site} 已把期初单据 {doc} 接收入账，县里不能撤回：请站点在流水里冲销那几笔，然后再撤',
    en: '{site} has taken over {doc}: the county cannot withdraw it. Let its keeper reverse those entries among the movements, then withdraw',
  },
  'imports.item-unknown': {
    zh: '目录里没有这个品种：{item}，请先导入品种',
    en: 'No such item in the catalogue: {item}. Import items first',
  },
  'imports.site-unknown': { zh: '没有站点“{site}”', en: 'No site {site}' },
  'imports.room-unknown': { zh: '{site} 没有库房“{room}”', en: '{site} has no room {room}' },
  'imports.opening-standing': {
    zh: '{site} 账上已有这个批号 {units}：若是同一批货，接收后就重复了',
    en: '{site} has {units} of this lot on the books already: if these are the same goods they would stand twice',
  },
  'imports.lot-twice': {
    zh: '与第 {row} 行是同一库位的同一批号：两行都会入账',
    en: 'The same lot at the same place as row {row}: both are booked',
  },
  'imports.lot-expired': { zh: '{expiry} 已过期：入账后不能领用', en: 'Expired on {expiry}: it can be booked, and not issued' },
  'imports.expiry-missing': { zh: '没有填有效期：以后不会有近效期预警', en: 'No expiry: nobody will be warned before it ends' },
  'imports.openings-left': {
    zh: '{documents} 份期初单据站点已接收，没有撤回：请站点在流水里冲销，再来撤销其余部分',
    en: '{documents} opening balances were taken over and stay: let the keepers reverse them among the movements, then undo the rest',
  },
} as const satisfies Readonly<Record<string, { readonly zh: string; readonly en: string }>>
