/** What a person can do about a code that was not read. */
export const remedyOf = (code: string): Remedy =>
  REMEDIES[code] ?? REMEDIES[FAMILIES.find((family) => code.startsWith(family)) ?? ''] ?? AGAIN

interface Remedy {
  readonly zh: string
  readonly en: string
}

const AGAIN: Remedy = {
  zh: '请对准再扫一次；还不行就照标签手工录入。',
  en: 'Scan it once more; if that fails, type what the label says.',
}
const SCANNER_SETTING: Remedy = {
  zh: '在扫码枪设置里打开“发送 GS（FNC1）”和 AIM 标识，再扫一次；也可以照标签写成 (01)…(10)… 录入。',
  en: 'Set the scanner to send GS (FNC1) and the AIM identifier, then scan again; or type it as (01)...(10)....',
}
const COMPARE: Remedy = {
  zh: '和标签上印的字对一对：录错了就改，标签印错了请联系供应商，不要照着入库。',
  en: 'Compare with what is printed: correct a typing error; if the label is wrong ask the supplier, and do not receive by it.',
}
const REMEDIES: Readonly<Record<string, Remedy>> = {
  'codes.input-empty': AGAIN,
  'codes.input-too-long': {
    zh: '这不像标签上的码，请只扫或只贴一个码。',
    en: 'This is no code of a label: scan or paste a single one.',
  },
  'codes.symbology-missing': SCANNER_SETTING,
  'codes.separator-swallowed': SCANNER_SETTING,
  'codes.value-too-long': SCANNER_SETTING,
  'codes.ai-unknown': SCANNER_SETTING,
  'codes.not-gs1': {
    zh: '这个码不是 GS1 编码：先在包装上找另一个码；没有的话，可在“入库”里先登记这个品种。',
    en: 'Not a GS1 code: look for another one on the pack; if there is none, make the item under Receive.',
  },
  'codes.check-digit-wrong': {
    zh: '先再扫一次；还是这样就对照标签印的数字，多半是录入错一位，或标签印错。',
    en: 'Scan again first; if it stays, compare the printed digits: one was mistyped, or the label is wrong.',
  },
  'epc.factory-default': {
    zh: '这枚标签还没写过编号，请换一枚写好的，或请县里重打标签。',
    en: 'This tag was never written: take one that was, or have the label printed again.',
  },
  'codes.': COMPARE,
  'epc.': {
    zh: '请再读一次这枚标签；还不行就扫包装上的条码。',
    en: 'Read the tag once more; if that fails, scan the code on the pack.',
  },
}
const FAMILIES: readonly string[] = ['codes.', 'epc.']
