/** Why a label is not printed. */
export const LABEL_REFUSALS = {
  'labels.gtin-missing': {
    zh: '{item} 的包装 {pack} 没有商品条码，印不了 GS1 标签和电子标签；可印本地码标签',
    en: 'Pack {pack} of {item} has no GTIN: no GS1 label and no tag can be made of it, a local label can',
  },
  'labels.code-missing': {
    zh: '{item} 的包装 {pack} 没有本地码；请先在品种里加一个，例如 {proposal}',
    en: 'Pack {pack} of {item} has no local code: give it one in the catalogue first, for instance {proposal}',
  },
  'labels.code-unreadable': {
    zh: '本地码 {code} 扫出来会被当成别的内容；只用可打印的英文字符，不要像条码、电子标签号或网址',
    en: 'Local code {code} would be read as something else: use printable ASCII that is like no GTIN, GS1 message, EPC or address',
  },
  'labels.symbol-full': {
    zh: 'GS1-128 最多放 {max} 个字符，这里有 {length} 个；请改用 DataMatrix',
    en: 'A GS1-128 holds {max} characters, these are {length}: use a DataMatrix',
  },
  'labels.symbol-too-large': {
    zh: '条码在 {size} 毫米的标签上放不下；请换大一号标签或改用 DataMatrix',
    en: 'The symbol does not fit a label of {size} mm: take a larger label or a DataMatrix',
  },
  'labels.text-too-long': {
    zh: '文字在 {size} 毫米的标签上放不下（字高已小到 {mm} 毫米）；请换大一号标签',
    en: 'The text does not fit a label of {size} mm with letters of {mm} mm: take a larger label',
  },
  'labels.too-many': {
    zh: '一次最多 {designs} 种、共 {copies} 张标签',
    en: 'At most {designs} different labels and {copies} in all are printed at once',
  },
} as const satisfies Readonly<Record<string, { readonly zh: string; readonly en: string }>>

/** What a person should know about a label that is printed all the same. */
export const LABEL_NOTICES = {
  'labels.text-shrunk': { zh: '文字缩小到 {mm} 毫米高', en: 'The letters are shrunk to {mm} mm' },
  'labels.text-left-out': {
    zh: '点阵里画不了中文，没有印上：{text}；要中文请用浏览器打印',
    en: 'A bitmap carries no Chinese, so this is not on it: {text}; print from the browser to have it',
  },
  'labels.tag-not-registered': {
    zh: '标签号 {epc} 贴上后才登记：请站点在“换标”里扫一下',
    en: 'Tag {epc} is registered when it is stuck on: scan it under Tags at the site',
  },
  'labels.tag-not-written': {
    zh: '这种格式不写芯片，请另用写码设备写入 {epc}',
    en: 'This form does not write the chip: write {epc} to it by other means',
  },
} as const satisfies Readonly<Record<string, { readonly zh: string; readonly en: string }>>
export type LabelNotice = keyof typeof LABEL_NOTICES
